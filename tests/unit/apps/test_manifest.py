from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from appguard.apps.manifest import json_schema, parse
from appguard.apps.yaml_source import ManifestError

EXAMPLE = Path("examples/leave-request/app.yaml").read_text()


def problems(text: str):
    with pytest.raises(ManifestError) as raised:
        parse(text.encode())
    return raised.value.problems


def test_the_example_app_is_a_valid_manifest():
    manifest = parse(EXAMPLE.encode())
    assert manifest.metadata.id == "leave-request"
    assert [page.type for page in manifest.pages] == ["form", "table", "table", "table"]


def test_a_misspelt_key_is_named_with_its_line_and_what_was_meant():
    [problem] = problems(EXAMPLE.replace("criticality: low", "criticality: low\n  critcality: low"))
    assert problem.path == "intent.critcality"
    assert problem.line == EXAMPLE[: EXAMPLE.index("criticality: low")].count("\n") + 2
    assert problem.suggestion == "Did you mean criticality?"


def test_every_problem_is_reported_at_once_in_order():
    broken = EXAMPLE.replace("users: employees", "users: everyone").replace("type: long_text", "type: essay")
    found = problems(broken)
    assert [problem.path for problem in found] == ["intent.users", "pages[0].fields[3]"]
    assert "'partners'" in found[0].suggestion
    assert "long_text" in found[1].suggestion


def test_a_list_of_one_wrong_item_is_not_called_too_short_as_well():
    start, end = EXAMPLE.index("  - type: table\n    id: balance"), EXAMPLE.index("runtime:")
    one_page = (EXAMPLE[:start] + EXAMPLE[end:]).replace("title: Ask for leave", "titel: Ask for leave")
    assert {problem.path for problem in problems(one_page)} == {"pages[0].title", "pages[0].titel"}


def test_a_missing_part_points_at_the_place_where_it_belongs():
    [problem] = problems(EXAMPLE.replace("  owner: ana@example.com\n", ""))
    assert problem.message == "owner is missing"
    assert problem.line == 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name: last_day\n", "name: first_day\n", "used twice: first_day"),
        ("not_before: first_day", "not_before: comment", "names no date field"),
        ("id: balance", "id: request", "page ids must differ"),
        ("memory_mb: 256", "memory_mb: 100000", "less than or equal to 1024"),
    ],
)
def test_contradictions_are_refused_in_words(old, new, words):
    assert any(words in problem.message for problem in problems(EXAMPLE.replace(old, new, 1)))


def test_ten_thousand_fields_are_refused_briefly():
    fields = "".join(f"      - {{name: f{i}, type: text, label: F}}\n" for i in range(6_000))
    found = problems(EXAMPLE.replace("    fields:\n", "    fields:\n" + fields, 1))
    assert len(found) <= 50


def test_the_published_schema_accepts_what_the_parser_accepts():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert (
        list(Draft202012Validator(schema).iter_errors(yaml.safe_load(EXAMPLE.replace("2026", "x2026")))) == []
    )
