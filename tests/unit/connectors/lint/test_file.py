"""Files that are wrong in several places tell all of them, each at its line."""

from pathlib import Path

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.findings import findings
from appguard.connectors.lint.rules import check
from appguard.gates.rulebook import of_gates

CONNECTORS = Path("functions/appguard/connectors")
GOOD = """\
name: desk-db
title: Desks
owner: facilities@example.com
state: approved
kind: postgresql
queries:
  first:
    title: First
    sql: |
      SELECT day,
             pg_sleep(1) AS desk
      FROM desk_api.booking
    columns:
      - {name: day, label: Day, class: internal, type: date}
      - {name: desk, label: Desk, class: internal}
  second:
    title: Second
    sql: SELECT * FROM desk_api.booking
    columns: [{name: day, label: Day, class: internal}]
"""


def lint(tmp_path, text, name="desk-db.yaml"):
    (tmp_path / name).write_text(text)
    file = read_file(tmp_path / name)
    return [
        (each.rule, each.line)
        for each in findings(file, [*file.faults, *check(file, Path("policies/templates"))])
    ]


def test_a_fault_in_a_block_of_sql_stands_at_its_line(tmp_path):
    assert ("sql-function-unknown", 11) in lint(tmp_path, GOOD)


def test_a_fault_in_sql_on_one_line_stands_there(tmp_path):
    assert ("sql-star", 18) in lint(tmp_path, GOOD)


def test_a_fault_of_a_column_stands_at_the_column(tmp_path):
    text = GOOD.replace("pg_sleep(1) AS desk", "desk").replace("name: desk,", "name: born,")
    assert lint(tmp_path, text)[:2] == [("column-undeclared", 11), ("column-missing", 15)]


def test_sql_that_cannot_be_read_stands_at_its_line(tmp_path):
    assert ("sql-unreadable", 11) in lint(tmp_path, GOOD.replace("pg_sleep(1)", "FROM FROM"))


def test_one_invalid_query_does_not_hide_what_is_wrong_with_the_other(tmp_path):
    text = GOOD.replace("title: Second", "titel: Second")
    found = lint(tmp_path, text)
    assert ("connector-invalid", 17) in found
    assert ("sql-function-unknown", 11) in found


def test_one_unreadable_query_does_not_hide_what_is_wrong_with_the_other(tmp_path):
    found = lint(tmp_path, GOOD.replace("pg_sleep(1)", "FROM FROM"))
    assert {rule for rule, _ in found} == {"sql-unreadable", "sql-star"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: [", 2),
        ("- a list", 1),
        ("just text", 1),
        ("", 1),
        (GOOD + "state: retired\n", 20),
        (GOOD.replace("state: approved", "state: &a approved"), 4),
        ("name: desk-db\x00", 1),
    ],
)
def test_what_is_no_connector_file_is_one_finding_at_its_line(tmp_path, text, line):
    assert ("connector-invalid", line) in lint(tmp_path, text)


def test_a_file_named_otherwise_than_its_connector_is_refused(tmp_path):
    assert ("connector-invalid", 1) in lint(tmp_path, GOOD, "other-db.yaml")


def test_an_unknown_key_is_answered_with_what_was_meant(tmp_path):
    (tmp_path / "desk-db.yaml").write_text(GOOD.replace("owner:", "ownr:"))
    messages = " ".join(fault.message for fault in read_file(tmp_path / "desk-db.yaml").faults)
    assert "Did you mean owner?" in messages


def test_the_platforms_own_connectors_are_clean():
    for path in sorted(Path("policies/connectors").glob("*.yaml")):
        file = read_file(path)
        assert findings(file, [*file.faults, *check(file, Path("policies/templates"))]) == []


def test_each_rule_of_the_linter_is_named_somewhere_in_its_code():
    places = (*CONNECTORS.joinpath("lint").rglob("*.py"), CONNECTORS / "profiles" / "fitting.py")
    code = "".join(path.read_text() for path in places)
    chapter = {name for name, entry in of_gates().items() if entry.topic == "connector files"}
    assert {name for name in chapter if f'"{name}"' not in code} == set()
