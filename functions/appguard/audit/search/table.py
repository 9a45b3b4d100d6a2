"""The index's tables: Parquet files, written and asked by DuckDB."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appguard.audit.search.fact import Fact, Per, microseconds
from appguard.audit.search.filters import Filters
from appguard.audit.search.place import Cursor
from appguard.audit.search.segments import WIDTH
from appguard.kernel.duck import duck

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = {name: "BIGINT" if kind is int else "VARCHAR" for name, kind in Fact.__annotations__.items()}
KEPT = [name for name in COLUMNS if name != "text"]
PLACE = "micros, log, number"
WRITERS = 2
"""Threads: a function that writes has a core, and little to wait for."""

_GROUPS: dict[Per, str] = {"resource": "kind, resource", "actor": "actor"}


def write(facts: Iterable[Fact], file: Path, after: Path | None = None) -> tuple[int, int]:
    """Make `file` a table of the rows of `after`, beside it, and these; gives its oldest and newest time."""
    folder = file.parent
    with (
        tempfile.NamedTemporaryFile("w", dir=folder, suffix=".jsonl", encoding="utf-8") as rows,
        duck(folder, threads=WRITERS) as database,
    ):
        rows.writelines(json.dumps(fact._asdict()) + "\n" for fact in facts)
        rows.flush()
        database.read_json(rows.name, format="newline_delimited", columns=COLUMNS).create_view("new")
        old = "SELECT * FROM read_parquet($old) UNION ALL " if after else ""
        database.execute(
            f"CREATE TABLE facts AS {old}SELECT * FROM new",  # noqa: S608 - a constant
            {"old": str(after)} if after else None,
        )
        facts_table = database.table("facts")
        facts_table.write_parquet(str(file), compression="zstd", row_group_size=WIDTH)
        [(oldest, newest)] = facts_table.aggregate("min(micros), max(micros)").fetchall()
    return oldest, newest


@dataclass(frozen=True)
class Tables:
    """Asks tables, named by their paths."""

    database: "DuckDBPyConnection"

    def newest(
        self, paths: Sequence[str], filters: Filters, before: Cursor | None, limit: int
    ) -> list[Cursor]:
        """Where the newest hits are, the latest first."""
        where, values = _conditions(filters, before)
        rows = self._rows(
            f"SELECT {PLACE} FROM read_parquet(?) WHERE {where}"  # noqa: S608 - values are parameters
            " ORDER BY micros DESC, log DESC, number DESC LIMIT ?",
            [list(paths), *values, limit],
        )
        return [Cursor(*row) for row in rows]

    def latest(self, paths: Sequence[str], filters: Filters, per: Per) -> list[Fact]:
        """The latest hit of each resource or actor, without its text."""
        where, values = _conditions(filters, None)
        row = ", ".join(f"{name} := {name}" for name in KEPT)
        rows = self._rows(
            f"SELECT unnest(max_by(struct_pack({row}), row({PLACE})))"  # noqa: S608 - likewise
            f" FROM read_parquet(?) WHERE {where} GROUP BY {_GROUPS[per]}",
            [list(paths), *values],
        )
        return [Fact._make((*row, "")) for row in rows]

    def facts(self, paths: Sequence[str], filters: Filters, told: Sequence[str]) -> Iterator[Fact]:
        """Every hit; with its text where its action is one of `told`."""
        where, values = _conditions(filters, None)
        rows = self._rows(
            f"SELECT {', '.join(KEPT)}, CASE WHEN list_contains(?, action) THEN text ELSE '' END"  # noqa: S608
            f" FROM read_parquet(?) WHERE {where}",
            [list(told), list(paths), *values],
        )
        return map(Fact._make, rows)

    def _rows(self, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        return self.database.execute(sql, values).fetchall()


def _conditions(filters: Filters, before: Cursor | None) -> tuple[str, list[Any]]:
    """`filters` in SQL, as `filters.matches` has them: the names are ours, the values parameters."""
    conditions: list[tuple[str, list[Any]]] = [
        ("app = ?", [filters.app]),
        ("actor = ?", [filters.actor]),
        (" OR ".join(["starts_with(action, ?)"] * len(filters.action)), list(filters.action)),
        ("kind = ? OR resource = ? OR kind || ' ' || resource = ?", [filters.resource] * 3),
        ("result = ?", [filters.result and filters.result.value]),
        ("contains(classes, ?)", [filters.data_class and f"|{filters.data_class}|"]),
        ("micros >= ?", [filters.since and microseconds(filters.since)]),
        ("micros < ?", [filters.until and microseconds(filters.until)]),
        ("contains(text, ?)", [filters.text and filters.text.casefold()]),
        ("micros <= ?", [before and before.micros]),
        (f"row({PLACE}) < row(?, ?, ?)", list(before) if before else [None]),
    ]
    asked = [(words, values) for words, values in conditions if values and values[0] is not None]
    where = " AND ".join(f"({words})" for words, _ in asked) or "true"
    return where, [value for _, values in asked for value in values]
