"""What `min_group` may mean where the source hands out single rows."""

import json

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.rules import check
from tests.unit.connectors.kinds.files import changed, example


@pytest.fixture
def rules_of(tmp_path):
    def run(file):
        path = tmp_path / f"{file['name']}.yaml"
        path.write_text(json.dumps(file))
        read = read_file(path)
        return {fault.rule for fault in (*read.faults, *check(read, tmp_path))}

    return run


def grouped(connector, query, count, *, without=()):
    """The example's query with a minimum in place of the columns that tie its rows to the user."""
    file = changed(example(connector), f"queries/{query}/min_group", {"count": count})
    for place in ("user_in", *without):
        file = changed(file, f"queries/{query}/{place}", None)
    return file


@pytest.mark.parametrize(
    "file",
    [
        grouped("equipment-desk", "my_loans", "pieces"),
        grouped("facility-tickets", "my_tickets", "requester", without=("query/since", "parameters/since")),
    ],
    ids=lambda file: file["kind"],
)
def test_sources_that_cannot_aggregate_need_the_users_own_rows(rules_of, file):
    assert rules_of(file) == {"group-not-made"}


AVERAGE = """SELECT building, avg(hours) AS hours, count(DISTINCT email) AS people FROM badge_day
    GROUP BY building"""
COLUMNS = [
    {"name": "building", "label": "B", "class": "internal"},
    {"name": "hours", "label": "H", "class": "personal", "type": "number"},
]


def usage(sql, minimum):
    asked = {"title": "A", "sql": sql, "columns": COLUMNS, "min_group": minimum}
    return changed(example("workplace-usage"), "queries/asked", asked)


PEOPLE = {"count": "people", "size": 5}


def test_a_statement_of_athena_may_make_the_groups(rules_of):
    assert rules_of(usage(AVERAGE, PEOPLE)) == set()


def test_one_that_does_not_needs_the_users_own_rows(rules_of):
    single = "SELECT building, hours, people FROM badge_day"
    assert rules_of(usage(single, PEOPLE)) == {"group-not-made"}


@pytest.mark.parametrize(
    ("sql", "minimum"),
    [
        (AVERAGE, {"count": "people", "size": 4}),
        (AVERAGE.replace("DISTINCT ", ""), PEOPLE),
        (AVERAGE.replace("avg", "max"), PEOPLE),
    ],
)
def test_groups_of_athena_are_judged_as_those_of_postgresql(rules_of, sql, minimum):
    assert rules_of(usage(sql, minimum)) == {"group-too-small"}


def test_rows_below_personal_may_come_with_the_sources_own_count(rules_of):
    assert rules_of(example("workplace-usage")) == set()
