"""What pages make of the answers of an app's own code."""

import pytest
from pydantic import ValidationError

from appguard.runtime import hooks
from appguard.runtime.hooks import no_code
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.pages import FormPage, TablePage, functions
from appguard.runtime.submission import submission

CALL = {"connector": "hr-db", "command": "request_leave", "prepare": "made"}
FORM = {
    "type": "form",
    "id": "ask",
    "title": "Ask",
    "check": "wrong",
    "fields": [
        {"type": "date", "name": "first_day", "label": "First day"},
        {"type": "text", "name": "note", "label": "Note"},
    ],
    "submit": CALL,
}
TABLE = {
    "type": "table",
    "id": "rows",
    "title": "Rows",
    "source": {"connector": "hr-db", "query": "team_calendar", "prepare": "span"},
    "columns": [{"name": "days"}],
}
PAGE = FormPage.model_validate(FORM)
WORDS = {"user": {"email": "a@example.com"}, "today": "2026-06-15"}


class Code:
    """Answers what it is told to, and remembers what it was given."""

    def __init__(self, **answers):
        self.answers, self.given = answers, {}

    def __call__(self, function, given, dates):
        self.given[function] = (given, dates)
        return self.answers[function]


def test_a_page_names_its_functions_by_their_keys() -> None:
    assert functions(PAGE) == {"check": "wrong", "submit.prepare": "made"}
    assert functions(TablePage.model_validate(TABLE)) == {"source.prepare": "span"}


@pytest.mark.parametrize("call", ["submit", "source"])
def test_a_call_is_prepared_by_a_mapping_or_a_function_and_not_by_both(call: str) -> None:
    page, model = (FORM, FormPage) if call == "submit" else (TABLE, TablePage)
    with pytest.raises(ValidationError, match="either mapping or prepare"):
        model.model_validate({**page, call: {**page[call], "mapping": "{}"}})


def test_a_form_that_passes_its_check_sends_what_its_function_gives() -> None:
    code = Code(wrong={}, made={"starts_on": "2026-07-01", "n": 2})
    made = submission(PAGE, {"first_day": "2026-07-01"}, WORDS, code)
    assert (made.problems, made.parameters) == ((), {"starts_on": "2026-07-01", "n": 2})
    values = {"first_day": "2026-07-01", "note": None}
    assert code.given["wrong"] == code.given["made"] == ({"values": values, **WORDS}, ["first_day"])


def test_problems_of_the_check_come_in_the_order_of_the_fields_and_nothing_is_prepared() -> None:
    code = Code(wrong={"note": "Say more", "first_day": " Too late "})
    made = submission(PAGE, {}, WORDS, code)
    said = [(problem.field, problem.message) for problem in made.problems]
    assert said == [("first_day", "Too late"), ("note", "Say more")]
    assert "made" not in code.given


def test_the_check_is_not_asked_about_values_the_fields_refuse() -> None:
    code = Code(wrong={})
    assert submission(PAGE, {"first_day": "soon"}, WORDS, code).problems
    assert code.given == {}


@pytest.mark.parametrize(
    "answer", [None, [], "x", {"salary": "x"}, {"note": ""}, {"note": 3}, {"note": "x" * 201}, {"note": None}]
)
def test_a_check_that_answers_anything_else_has_failed(answer) -> None:
    with pytest.raises(LogicFailed, match="wrong"):
        submission(PAGE, {}, WORDS, Code(wrong=answer))


@pytest.mark.parametrize("answer", [None, [], {"a": [1]}, {"a": {"b": 1}}, {"a": "x" * 70_000}])
def test_parameters_of_another_shape_are_a_failure(answer) -> None:
    with pytest.raises(LogicFailed, match="made"):
        submission(PAGE, {}, WORDS, Code(wrong={}, made=answer))


def test_a_table_is_asked_for_with_what_its_function_gives() -> None:
    code = Code(span={"from": "2026-06-15"})
    source = TablePage.model_validate(TABLE).source
    assert hooks.of_source(source, WORDS, code) == {"from": "2026-06-15"}
    assert code.given["span"] == (WORDS, [])


def test_where_there_is_no_code_a_function_fails_and_a_page_without_functions_does_not() -> None:
    with pytest.raises(LogicFailed):
        submission(PAGE, {}, WORDS, no_code)
    plain = FormPage.model_validate({**FORM, "check": None, "submit": {**CALL, "prepare": None}})
    assert submission(plain, {"note": "x"}, WORDS, no_code).parameters == {"note": "x"}
