from datetime import date

import pytest

from appguard.connectors.binding import bind
from appguard.connectors.errors import ResultTooLarge, RowFilterBreached, SourceFailed, SourceTimeout
from appguard.connectors.kinds.athena import AthenaQuery
from appguard.connectors.registry import registry
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.athena import AthenaSource
from appguard.connectors.table import table_of
from tests.support.athena import FakeAthena

USAGE = registry()["workplace-usage"]
ANA = Identity("ana@example.com", "desks")
SINCE = {"since": "2026-01-01"}


@pytest.fixture
def athena():
    return FakeAthena(
        "CREATE TABLE badge_day (email text, day date, building text, hours decimal(4,2))",
        "CREATE TABLE floor_day (building text, floor int, day date, people int)",
        """INSERT INTO badge_day VALUES ('ana@example.com', '2026-03-02', 'Vienna', 7.5),
            ('ana@example.com', '2026-03-03', 'O''Hara', NULL),
            ('mia@example.com', '2026-03-02', 'Vienna', 8)""",
        "INSERT INTO floor_day VALUES ('Vienna', 1, '2026-03-02', 12), ('Vienna', 2, '2026-03-02', 9)",
    )


@pytest.fixture
def source(athena):
    return AthenaSource(USAGE, athena, lambda: b"key")


def read(source, name, who=ANA, limits=USAGE.limits, **given):
    query = USAGE.queries[name]
    return table_of(query, source.read(query, bind(query.parameters, given), who, limits), who, b"k", limits)


def test_a_user_sees_their_own_rows_as_the_types_their_columns_have(source):
    assert read(source, "my_office_days", **SINCE).rows == [
        ["2026-03-02", "Vienna", 7.5],
        ["2026-03-03", "O'Hara", None],
    ]


def test_a_parameter_is_asked_for_by_its_literal_alone(source, athena):
    assert [row[1] for row in read(source, "my_office_days", building="O'Hara", **SINCE).rows] == ["O'Hara"]
    request = athena.asked[-1]
    assert request["QueryString"].count("?") == 4
    assert request["ExecutionParameters"] == [
        "'ana@example.com'",
        "DATE '2026-01-01'",
        "'O''Hara'",
        "'O''Hara'",
    ]


@pytest.mark.parametrize("attack", ["x' OR '1'='1", "' OR email <> '", "x'; DROP TABLE badge_day; --"])
def test_a_parameter_cannot_widen_the_question(source, attack):
    assert read(source, "my_office_days", building=attack, **SINCE).rows == []
    assert len(read(source, "my_office_days", **SINCE).rows) == 2


def test_a_query_runs_in_the_connectors_own_workgroup_and_says_nothing_of_where_results_lie(source, athena):
    read(source, "busy_floors")
    request = athena.asked[-1]
    assert request["WorkGroup"] == "appguard-workplace-usage"
    assert "ResultConfiguration" not in request
    assert "ExecutionParameters" not in request


def test_a_statement_that_forgets_the_user_is_caught_by_the_broker(athena):
    forgetful = USAGE.queries["my_office_days"].model_copy(
        update={"sql": "SELECT day, building, hours, email FROM badge_day", "parameters": {}}
    )
    result = AthenaSource(USAGE, athena, lambda: b"key").read(forgetful, {}, ANA, USAGE.limits)
    with pytest.raises(RowFilterBreached):
        table_of(forgetful, result, ANA, b"key", USAGE.limits)


def test_floors_of_too_few_people_are_left_out(source):
    assert read(source, "busy_floors").rows == [["Vienna", 1, "2026-03-02", 12]]


def test_no_more_is_read_than_is_wanted(source, athena):
    athena.database.execute(
        "INSERT INTO badge_day SELECT 'ana@example.com', DATE '2026-04-01', 'X', 1 FROM range(5000)"
    )
    table = read(source, "my_office_days", limits=Limits(rows=1500, bytes=1_000_000), **SINCE)
    assert (len(table.rows), table.truncated) == (1500, True)
    assert len(athena.page_sizes) == 2


def test_other_columns_than_declared_withhold_all(source):
    other = AthenaQuery.model_validate(
        {
            "title": "T",
            "sql": "SELECT building, hours FROM badge_day",
            "columns": [{"name": "building", "label": "B", "class": "internal"}],
        }
    )
    with pytest.raises(SourceFailed, match="columns"):
        source.read(other, {}, ANA, USAGE.limits)


def test_a_query_that_takes_too_long_is_stopped(source, athena):
    athena.states = [{"State": "RUNNING"}] * 100
    with pytest.raises(SourceTimeout):
        read(source, "my_office_days", limits=Limits(timeout_ms=200), **SINCE)
    assert athena.stopped == ["1"]


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        ("FAILED", "SYNTAX_ERROR near 'secret-value'", SourceFailed),
        ("CANCELLED", "Query cancelled! : Bytes scanned limit was exceeded", ResultTooLarge),
    ],
)
def test_athenas_reason_stays_inside(source, athena, state, reason, kind):
    athena.states = [{"State": "QUEUED"}, {"State": state, "StateChangeReason": reason}]
    with pytest.raises(kind) as told:
        read(source, "my_office_days", **SINCE)
    assert "secret-value" not in str(told.value.as_dict())


def test_a_day_is_bound_as_a_day(source):
    assert read(source, "my_office_days", since=str(date(2026, 3, 3))).rows == [
        ["2026-03-03", "O'Hara", None]
    ]
