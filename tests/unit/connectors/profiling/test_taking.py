"""The embedded HR database measured: what is told, what never is, and how well made-up rows resemble it."""

from collections import Counter
from datetime import UTC, date, datetime

import psycopg
import pytest

from appguard.connectors.profiles.fitting import fitting
from appguard.connectors.profiles.model import K
from appguard.connectors.profiling.taking import taken
from appguard.connectors.registry import registry
from appguard.connectors.synthetic.rows import rows
from appguard.kernel.levels import DataClass

CONNECTORS = ("hr-db", "payroll-db", "office-directory")
MADE_UP = 2000
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def source(database):
    with psycopg.connect(database.uri, options="-c search_path=") as connection:
        yield connection


@pytest.fixture(scope="module")
def profiles(source):
    return {name: taken(registry()[name], "hr.employee.email", source, K, TODAY) for name in CONNECTORS}


@pytest.fixture(scope="module")
def real_texts(source) -> set[str]:
    """Every distinct text that names or describes somebody."""
    found = source.execute(
        """SELECT unnest(ARRAY[full_name, email, bank_account]) FROM hr.employee
           UNION SELECT unnest(ARRAY[request_id::text, reason, health_note]) FROM hr.leave_request"""
    ).fetchall()
    source.rollback()
    return {text for (text,) in found if text}


def every_query():
    return [(name, query) for name in CONNECTORS for query in registry()[name].queries]


def made(profiles, connector, name, count=MADE_UP) -> dict[str, list[object]]:
    query = registry()[connector].queries[name]
    found = rows(query, count, seed=7, profile=fitting(profiles[connector], registry()[connector], name))
    return {
        column.name: list(cells)
        for column, cells in zip(query.columns, zip(*found, strict=True), strict=True)
    }


def distance(real: list[object], drawn: list[object]) -> float:
    """Kolmogorov and Smirnov's: the largest gap between the two cumulative distributions."""
    places = sorted({*real, *drawn})
    return max(
        abs(sum(v <= at for v in real) / len(real) - sum(v <= at for v in drawn) / len(drawn))
        for at in places
    )


def test_no_text_of_a_person_is_in_a_profile(profiles, real_texts):
    assert len(real_texts) > 500
    for profile in profiles.values():
        told = profile.model_dump_json()
        assert [text for text in real_texts if f'"{text}"' in told] == []


@pytest.mark.parametrize(("connector", "name"), every_query())
def test_no_text_of_a_person_is_in_a_made_up_row(profiles, real_texts, connector, name):
    cells = made(profiles, connector, name, count=300)
    assert {cell for column in cells.values() for cell in column} & real_texts == set()


@pytest.mark.parametrize(("connector", "name"), every_query())
def test_of_personal_columns_only_emptiness_and_lengths_are_told(profiles, connector, name):
    measured = profiles[connector].queries[name]
    for column in registry()[connector].queries[name].columns:
        if column.class_ >= DataClass.PERSONAL:
            assert not measured.of(column.name).tells_values


def test_every_named_word_is_had_by_k_people(profiles, source):
    named = profiles["hr-db"].queries["my_profile"].of("job_title").words
    counted = dict(source.execute("SELECT job_title, count(*) FROM hr.employee GROUP BY 1").fetchall())
    source.rollback()
    assert named
    assert set(named) == {title for title, people in counted.items() if people >= K}


def test_made_up_days_are_spread_as_real_ones_are(profiles, source):
    real = [day.isoformat() for (day,) in source.execute("SELECT hired_on FROM hr.employee").fetchall()]
    source.rollback()
    assert distance(real, made(profiles, "hr-db", "my_profile")["hired_on"]) <= 0.12


def test_made_up_numbers_are_spread_as_real_ones_are(profiles, source):
    real = [
        float(days)
        for (days,) in source.execute(
            "SELECT days FROM hr.leave_request WHERE status = 'approved'"
        ).fetchall()
    ]
    source.rollback()
    assert distance(real, made(profiles, "hr-db", "team_calendar")["days"]) <= 0.12


def test_made_up_categories_are_as_frequent_as_real_ones(profiles, source):
    """Chi-square over the categories told, by hand: below the 1 % point for their number."""
    real = dict(
        source.execute(
            "SELECT status, count(*) FROM hr.leave_request WHERE leave_type <> 'sick' GROUP BY 1"
        ).fetchall()
    )
    source.rollback()
    drawn, total = Counter(made(profiles, "hr-db", "my_leave_requests", 400)["status"]), sum(real.values())
    expected = {status: count / total * 400 for status, count in real.items()}
    square = sum((drawn[status] - wanted) ** 2 / wanted for status, wanted in expected.items())
    assert len(real) == 4
    assert square <= 11.34


def test_empty_cells_are_as_frequent_as_real_ones(profiles):
    decided_by = made(profiles, "hr-db", "my_leave_requests")["decided_by"]
    told = profiles["hr-db"].queries["my_leave_requests"].of("decided_by").empty
    assert 0 < told < 1
    assert decided_by.count(None) / MADE_UP == pytest.approx(told, abs=0.04)


def test_a_preview_has_as_many_rows_as_somebody_sees(profiles):
    told = fitting(profiles["hr-db"], registry()["hr-db"], "my_profile")
    assert len(rows(registry()["hr-db"].queries["my_profile"], profile=told)) == 1
    payslips = profiles["payroll-db"].queries["my_payslips"]
    assert [(bar.from_, bar.until) for bar in payslips.rows_per_person] == [(12, 13)]


def test_measuring_leaves_nothing_behind(profiles, source):
    assert profiles
    [(left,)] = source.execute("SELECT count(*) FROM pg_class WHERE relname = 'appguard_answer'").fetchall()
    source.rollback()
    assert left == 0


def test_of_fewer_than_k_people_nothing_is_told(source):
    strict = taken(registry()["hr-db"], "hr.employee.email", source, 200, date(2026, 11, 24))
    for query in strict.queries.values():
        assert query.rows_per_person == ()
        assert not any(known.tells_values or known.lengths for known in query.columns.values())


@pytest.mark.parametrize(
    ("subjects", "told"),
    [(("employee_email",), True), (("manager_email",), False), (("employee_email", "manager_email"), False)],
)
def test_people_are_counted_by_what_the_connector_calls_subjects(source, subjects, told):
    """Fewer than thirty people lead a team; more than that are in one."""
    query = registry()["hr-db"].queries["team_calendar"].model_copy(update={"subjects": subjects})
    one = registry()["hr-db"].model_copy(update={"queries": {"team_calendar": query}})
    measured = taken(one, "hr.employee.email", source, 30, TODAY).queries["team_calendar"]
    assert any(known.tells_values for known in measured.columns.values()) is told
