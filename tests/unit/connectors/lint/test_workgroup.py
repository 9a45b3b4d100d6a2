"""What Athena says of a file; a DuckDB stands in for it."""

import json

import duckdb
import pytest

from appguard.connectors.lint import workgroup
from appguard.connectors.lint.file import read_file
from tests.support.athena import FakeAthena
from tests.unit.connectors.kinds.files import changed, example

USAGE = example("workplace-usage")
BADGES = "CREATE TABLE badge_day (email text, day date, building text, hours decimal(4,2))"
FLOORS = "CREATE TABLE floor_day (building text, floor int, day date, people int)"
SECRET = "INSERT INTO badge_day VALUES ('ana@example.com', '2026-03-02', 'Vienna', 7.5)"


class Athena(FakeAthena):
    """Fails statements as Athena does: by their state."""

    def get_query_execution(self, QueryExecutionId):  # noqa: N803 - boto3's words
        try:
            self.database.execute(self.asked[int(QueryExecutionId) - 1]["QueryString"])
        except duckdb.Error as error:
            return {"QueryExecution": {"Status": {"State": "FAILED", "StateChangeReason": str(error)}}}
        return super().get_query_execution(QueryExecutionId)


@pytest.fixture
def prove(tmp_path):
    def run(athena, content=USAGE):
        path = tmp_path / "workplace-usage.yaml"
        path.write_text(json.dumps(content))
        file = read_file(path)
        return [(f.rule, f.message) for f in workgroup.prove(file.of_athena, file.connector, athena)]

    return run


def test_a_file_is_proved_by_statements_that_read_no_row(prove):
    athena = Athena(BADGES, FLOORS, SECRET)
    assert prove(athena) == []
    assert {request["WorkGroup"] for request in athena.asked} == {"appguard-workplace-usage"}
    for request in athena.asked:
        assert "%(" not in request["QueryString"]
        assert athena.database.execute(request["QueryString"]).fetchall() == []


def test_a_table_that_is_not_there_is_told_in_athenas_words(prove):
    [(rule, message)] = prove(Athena(BADGES))
    assert rule == "source-refuses"
    assert message.startswith("busy_floors: Athena refuses it: ")


def test_a_column_of_another_type_is_told(prove):
    [(rule, message)] = prove(Athena(BADGES, FLOORS.replace("floor int", "floor text")))
    assert rule == "source-type-differs"
    assert message == "busy_floors: floor should be integer, but Athena answers with varchar"


def test_other_columns_than_declared_are_told(prove):
    star = changed(USAGE, "queries/busy_floors/sql", "SELECT * FROM floor_day")
    [(rule, message)] = prove(Athena(BADGES, FLOORS.replace("people int", "people int, note text")), star)
    assert rule == "source-columns-differ"
    assert "note" in message


def test_an_athena_that_never_answers_is_not_waited_for(prove, monkeypatch):
    monkeypatch.setattr(workgroup, "PATIENCE", -1.0)
    athena = Athena(BADGES, FLOORS)
    athena.states = [{"State": "RUNNING"}, {"State": "RUNNING"}]
    assert {rule for rule, _ in prove(athena)} == {"source-refuses"}
    assert athena.stopped == ["1", "2"]
