"""Statements of Athena are read in its dialect and judged like those of PostgreSQL."""

import json

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.rules import check
from tests.unit.connectors.kinds.files import changed, example

OWN = "SELECT day, building, hours, email FROM badge_day WHERE email = %(appguard_user)s AND day >= %(since)s"


@pytest.fixture
def said_of(tmp_path):
    """The rules broken by `my_office_days` with other SQL, and the lines they point at."""

    def run(sql):
        file = changed(example("workplace-usage"), "queries/my_office_days/sql", sql)
        if "%(building)s" not in sql:
            file = changed(file, "queries/my_office_days/parameters/building", None)
        path = tmp_path / "workplace-usage.yaml"
        path.write_text(json.dumps(file, indent=1))
        read = read_file(path)
        return {fault.rule for fault in (*read.faults, *check(read, tmp_path))}

    return run


@pytest.mark.parametrize(
    "sql",
    [
        OWN,
        OWN + " AND day >= date_add('day', -7, current_date)",
        OWN + " AND year(day) = 2026 ORDER BY day",
        OWN.replace("badge_day WHERE", "workplace.badge_day WHERE"),
    ],
)
def test_what_only_reads_declared_tables_is_let_through(said_of, sql):
    assert said_of(sql) == set()


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        (OWN.replace("badge_day", "salaries"), "table-undeclared"),
        (OWN.replace("badge_day", "other.badge_day"), "table-undeclared"),
        (OWN.replace("badge_day", "lambda.workplace.badge_day"), "table-undeclared"),
        (OWN.replace("badge_day", '"badge_day$partitions"'), "table-undeclared"),
        (OWN.replace("badge_day", "information_schema.columns"), "sql-system-catalog"),
        (OWN.replace("badge_day", "badge_day CROSS JOIN UNNEST(day)"), "sql-function-unknown"),
        (OWN + " AND any_value(hours) > 1", "sql-function-unknown"),
        (OWN + " AND building = '%(building)s'", "sql-interpolated"),
        (OWN + " AND building LIKE 'x' || %(building)s", "sql-interpolated"),
        (OWN + " ORDER BY %(building)s", "sql-interpolated"),
        ("SELECT * FROM badge_day WHERE email = %(appguard_user)s AND day > %(since)s", "sql-star"),
        (OWN.replace("SELECT day", "SELECT day, desk"), "column-undeclared"),
        (OWN.replace("SELECT day, building", "SELECT building, day"), "column-order"),
        (OWN.replace("building, hours", "hours AS building, hours"), "column-renamed"),
        (OWN.replace("hours, email", "hours, %(appguard_user)s AS email"), "row-filter-hollow"),
        ("SELECT day FROM badge_day WHERE (email = %(appguard_user)s AND day > %(since)s", "sql-unreadable"),
    ],
)  # fmt: skip
def test_what_could_show_more_than_it_says_is_refused(said_of, sql, rule):
    assert rule in said_of(sql)
