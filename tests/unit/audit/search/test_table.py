import pytest
from hypothesis import HealthCheck, given, settings

from appguard.audit.search.fact import fact_of, group_of
from appguard.audit.search.filters import Filters, matches
from appguard.audit.search.table import Tables, write
from appguard.kernel.duck import duck
from tests.unit.audit.search.made import entry, event, facts, filters

slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def tables(tmp_path):
    return Tables(duck(tmp_path, threads=1))


@slow
@given(rows=facts(), asked=filters)
def test_a_table_finds_what_the_definition_of_a_hit_says_newest_first(tables, tmp_path, rows, asked):
    write(rows, tmp_path / "t.parquet")
    hits = sorted((row.place for row in rows if matches(asked, row)), reverse=True)

    found, before = [], None
    while page := tables.newest([str(tmp_path / "t.parquet")], asked, before, 3):
        found += page
        before = page[-1]

    assert found == hits


@slow
@given(rows=facts(), asked=filters)
def test_it_knows_the_latest_of_each_resource_and_actor(tables, tmp_path, rows, asked):
    write(rows, tmp_path / "t.parquet")
    for per in ("resource", "actor"):
        latest = {
            group_of(row, per): row._replace(text="")
            for row in sorted(rows, key=lambda row: row.place)
            if matches(asked, row)
        }
        found = tables.latest([str(tmp_path / "t.parquet")], asked, per)
        assert sorted(found) == sorted(latest.values())


@slow
@given(rows=facts(), asked=filters)
def test_it_gives_every_hit_and_the_text_of_those_asked_for(tables, tmp_path, rows, asked):
    write(rows, tmp_path / "t.parquet")
    hits = [row for row in rows if matches(asked, row)]
    found = tables.facts([str(tmp_path / "t.parquet")], asked, ["data.read"])
    assert sorted(found) == sorted(
        row if row.action == "data.read" else row._replace(text="") for row in hits
    )


def test_a_table_grows_by_what_comes_after_it(tables, tmp_path):
    rows = [fact_of(entry(event(n), n)) for n in range(5)]
    write(rows[:2], tmp_path / "old.parquet")

    times = write(rows[2:], tmp_path / "new.parquet", after=tmp_path / "old.parquet")

    assert times == (rows[0].micros, rows[-1].micros)
    both = tables.newest([str(tmp_path / "new.parquet")], Filters(), None, 9)
    assert both == [row.place for row in reversed(rows)]
