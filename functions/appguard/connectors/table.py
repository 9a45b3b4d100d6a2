"""The answer to a query: declared columns, masked rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import JsonValue

from appguard.connectors.errors import ResultTooLarge, RowFilterBreached, SourceFailed
from appguard.connectors.masks import shape_of
from appguard.connectors.model import Column, Limits, Query


@dataclass(frozen=True)
class Result:
    """What the source returned: column names and raw rows, at most one more than the limit."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """What an app receives. `truncated` says that the source had more rows than the limit."""

    columns: tuple[Column, ...]
    rows: list[list[JsonValue]]
    truncated: bool

    @cached_property
    def json(self) -> str:
        """The response body, encoded once: the size limit is checked on what is sent."""
        head = [
            {
                "name": c.name,
                "label": c.label,
                "class": c.class_,
                "type": c.type,
                "masked": c.mask is not None,
            }
            for c in self.columns
        ]
        body = {
            "columns": head,
            "rows": self.rows,
            "row_count": len(self.rows),
            "truncated": self.truncated,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def table_of(query: Query, result: Result, email: str, key: bytes, limits: Limits) -> Table:
    """The rows as the app may see them.

    Refuses a source that returns other columns than declared, or a row that is not the user's:
    row-level security is the wall, this is the guard behind it.
    """
    declared = [*(column.name for column in query.columns), *query.user_in]
    if sorted(result.names) != sorted(declared):
        raise SourceFailed("the source's columns are not those of the connector file")
    position = {name: index for index, name in enumerate(result.names)}
    rows = result.rows[: limits.rows]
    _every_row_names(email, rows, [position[name] for name in query.user_in])
    shapes = [(position[column.name], shape_of(column, key)) for column in query.columns]
    table = Table(
        query.columns,
        [[shape(row[index]) for index, shape in shapes] for row in rows],
        truncated=len(result.rows) > limits.rows,
    )
    if len(table.json.encode()) > limits.bytes:
        raise ResultTooLarge(f"the answer exceeds {limits.bytes} bytes")
    return table


def _every_row_names(email: str, rows: Sequence[tuple[Any, ...]], holders: list[int]) -> None:
    """Each row holds the user's address in one of the columns that tie rows to people."""
    if not holders:
        return
    for row in rows:
        if not any(isinstance(row[i], str) and row[i].lower() == email for i in holders):
            raise RowFilterBreached("the source returned rows of somebody else; nothing is shown")
