from pathlib import Path

import duckdb
import pytest

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, Resource, Result
from appguard.siem.batches import message
from appguard.siem.ocsf import ocsf_event
from appguard.siem.ocsf.catalogue import classes
from appguard.siem.parquet import FRAME, OF_CLASS, parquet
from tests.support.entries import entry

QUERY = Resource(type="query", id="hr-db/team_calendar")
FAULTS = [
    {
        "package": "jinja2",
        "version": "3.1.0",
        "advisory": "PYSEC-1",
        "aliases": ["CVE-2024-1"],
        "fixed": "3.1.4",
    },
    {"package": "jinja2", "version": "3.1.0", "advisory": "PYSEC-2", "aliases": [], "fixed": None},
]


def read(content: bytes, folder: Path) -> list[dict]:
    file = folder / "one.parquet"
    file.write_bytes(content)
    found = duckdb.sql(f"SELECT * FROM '{file}'")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def filled(value):
    """Without what a row holds because another one does, and as JSON has it."""
    if isinstance(value, dict):
        return {name: filled(one) for name, one in value.items() if one is not None}
    return [filled(one) for one in value] if isinstance(value, list) else value


def test_there_are_columns_for_every_class():
    assert set(OF_CLASS) == {one.uid for one in classes().classes.values()}


@pytest.mark.parametrize("action", Action)
def test_an_object_holds_all_an_event_says_and_nothing_else(action, tmp_path, monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1")
    made = [
        entry(0, action, resource=QUERY, faults=FAULTS, passed=False, frameworks=["SOC 2"]),
        entry(1, action, resource=QUERY, actor=Actor.system("x"), result=Result.DENIED, code="no"),
    ]
    told = [ocsf_event(one) for one in made]
    content = parquet(told[0]["class_uid"], [message(one) for one in made])
    assert [filled(row) for row in read(content, tmp_path)] == told


def test_columns_are_the_same_whatever_is_in_them(tmp_path):
    [row] = read(parquet(6002, [message(entry(0))]), tmp_path)
    assert list(row) == [*FRAME, *OF_CLASS[6002]]


def test_rows_are_ordered_by_time(tmp_path):
    later, sooner = message(entry(5)), message(entry(2))
    rows = read(parquet(6002, [later, sooner]), tmp_path)
    assert [row["metadata"]["sequence"] for row in rows] == [2, 5]


def test_words_of_an_event_are_never_part_of_a_statement(tmp_path):
    nasty = "'); DROP TABLE x; --\n\"}"
    [row] = read(parquet(6002, [message(entry(0, reason=nasty))]), tmp_path)
    assert row["unmapped"]["metadata_reason"] == nasty


def test_pages_are_compressed_with_zstandard(tmp_path):
    file = tmp_path / "one.parquet"
    file.write_bytes(parquet(6002, [message(entry(0))]))
    used = duckdb.sql(f"SELECT DISTINCT compression FROM parquet_metadata('{file}')").fetchall()
    assert used == [("ZSTD",)]
