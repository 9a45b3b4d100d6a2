"""Which rows of a result may be shown: the guard behind the source's own filter."""

from collections.abc import Sequence
from typing import Any

from appguard.connectors.errors import RowFilterBreached, SourceFailed
from appguard.connectors.model import Query
from appguard.connectors.rules import MinGroup
from appguard.connectors.source import Identity, Result

Rows = Sequence[tuple[Any, ...]]


def showable(query: Query, result: Result, who: Identity, limit: int) -> Rows:
    """At most `limit` rows, those of too small a group left out.

    Refuses a source that returns other columns than declared, or a row that is not the user's.
    """
    if sorted(result.names) != sorted(query.result_columns):
        raise SourceFailed("the source's columns are not those of the connector file")
    position = {name: index for index, name in enumerate(result.names)}
    rows = result.rows[:limit]
    _every_row_names(who.email, rows, [position[name] for name in query.user_in])
    _every_row_names(who.app_id, rows, [position[name] for name in query.app_in])
    return _large_enough(query.min_group, rows, position) if query.min_group else rows


def _every_row_names(name: str, rows: Rows, holders: list[int]) -> None:
    """Each row holds `name`, of the user or of the app, in one of the columns that tie rows to them."""
    if not holders:
        return
    for row in rows:
        if not any(isinstance(row[i], str) and row[i].lower() == name for i in holders):
            raise RowFilterBreached("the source returned rows of somebody else; nothing is shown")


def _large_enough(group: MinGroup, rows: Rows, position: dict[str, int]) -> Rows:
    """The rows that speak of enough people. A count that is none is a fault of the source."""
    counts = [row[position[group.count]] for row in rows]
    if not all(type(count) is int for count in counts):
        raise SourceFailed("the source did not say how many people a row speaks of")
    return [row for row, count in zip(rows, counts, strict=True) if count >= group.size]
