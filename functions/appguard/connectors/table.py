"""The answer to a query: declared columns, masked rows."""

import json
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.masks import shape_of
from appguard.connectors.model import Column, Query
from appguard.connectors.rows import showable
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.subjects import subjects_in
from appguard.privacy.subject import Subject


@dataclass(frozen=True)
class Table:
    """What an app receives. `truncated` says that the source had more rows than the limit.

    `subjects` are the persons the rows are about, for the record alone.
    """

    columns: tuple[Column, ...]
    rows: list[list[JsonValue]]
    truncated: bool
    subjects: tuple[Subject, ...] = field(default=(), repr=False)

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


def table_of(query: Query, result: Result, who: Identity, key: bytes, limits: Limits) -> Table:
    """The rows as the app may see them: checked, masked, and not too many."""
    rows = showable(query, result, who, limits.rows)
    shapes = [(result.names.index(column.name), shape_of(column, key)) for column in query.columns]
    table = Table(
        query.columns,
        [[shape(row[index]) for index, shape in shapes] for row in rows],
        truncated=len(result.rows) > limits.rows,
        subjects=subjects_in(query, result.names, rows),
    )
    if len(table.json.encode()) > limits.bytes:
        raise ResultTooLarge(f"the answer exceeds {limits.bytes} bytes")
    return table
