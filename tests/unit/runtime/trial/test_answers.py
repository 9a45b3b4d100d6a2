import json

import pytest

from appguard.runtime.trial.answers import answers, how_many

PAGE = {
    "type": "form",
    "id": "ask",
    "title": "Ask",
    "fields": [{"type": "integer", "name": "days", "label": "Days", "required": True}],
    "submit": {"connector": "hr-db", "command": "request_leave", "mapping": '{"n": days + 1}'},
}


def answer(question: dict) -> dict:
    [said] = answers(question)
    return said


def table(mapping: str) -> dict:
    source = {"connector": "hr-db", "query": "team_calendar", "mapping": mapping}
    return {"kind": "source", "source": source, "today": "2026-06-15"}


def schema(text: object, *examples: object) -> dict:
    texts = [example if isinstance(example, str) else json.dumps(example) for example in examples]
    return answer(
        {"kind": "schema", "schema": text if isinstance(text, str) else json.dumps(text), "examples": texts}
    )


def test_a_form_sends_its_mapping_or_names_the_fields_it_refuses() -> None:
    ask = {"kind": "form", "page": PAGE, "today": "2026-06-15"}
    assert answer(ask | {"ways": [{"days": 2}]}) == {"parameters": {"n": 3}}
    assert answer(ask | {"ways": [{"days": "two"}]}) == {"refused": ["days"]}


def test_a_form_has_an_answer_for_each_way_of_filling_it_in() -> None:
    question = {"kind": "form", "page": PAGE, "today": "2026-06-15", "ways": [{"days": n} for n in range(3)]}
    assert [said["parameters"] for said in answers(question)] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert how_many(question) == 3


def test_a_mapping_knows_the_day_and_the_user() -> None:
    ask = table('{"day": $today, "who": $user.email}')
    assert answer(ask) == {"parameters": {"day": "2026-06-15", "who": "sample.person@example.com"}}


@pytest.mark.parametrize("mapping", ["{", "1", '{"a": [1]}', '($f := function($x){$f($x)}; {"a": $f(1)})'])
def test_a_mapping_that_does_not_work_says_so(mapping: str) -> None:
    assert "mapping" in answer(table(mapping))["failed"]


def test_examples_are_held_against_their_schema() -> None:
    wanted = {"type": "object", "properties": {"rate": {"type": "number"}}, "required": ["rate"]}
    found = schema(wanted, {"rate": 1.5}, {"rate": "high"}, {}, "no json")
    assert found["problems"] == ["", "$.rate breaks “type”", "$ breaks “required”", "it is not JSON"]


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        3,
        {"type": "colour"},
        {"$ref": "https://example.com/other.json"},
        {"$ref": "#"},
        {"$ref": "file:///etc/passwd"},
        {"pattern": "^(a+)+$"},
    ],
    ids=range(7),
)
def test_a_schema_that_cannot_be_used_says_so(bad: object) -> None:
    assert "failed" in schema(bad, json.dumps("a" * 40 + "!"))
