"""Which parameters plainly narrow which columns, so that a preview answers what was asked.

Read from the declaration by its look alone; what is not plain narrows nothing.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from appguard.connectors.kinds.athena import AthenaQuery
from appguard.connectors.kinds.dynamodb import DynamoQuery
from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.kinds.values import FromParameter, Value
from appguard.connectors.model import Query

Holds = Literal["equals", "at_least", "at_most", "in_year"]

_CAST = r"(?:::[a-z]+)?"
_COMPARED = re.compile(rf"\b([a-z_][a-z0-9_]*){_CAST}\s*(=|>=|<=)\s*%\(([a-z0-9_]+)\)s", re.IGNORECASE)
_YEAR = re.compile(
    rf"extract\(\s*year\s+from\s+([a-z_][a-z0-9_]*)\s*\){_CAST}\s*=\s*%\(([a-z0-9_]+)\)s", re.IGNORECASE
)
_SIGNS: dict[str, Holds] = {"=": "equals", ">=": "at_least", "<=": "at_most"}


class Condition(NamedTuple):
    """A parameter, where it is given, and what it says of a column."""

    parameter: str
    column: str
    holds: Holds


def conditions_of(query: Query) -> tuple[Condition, ...]:
    """The conditions on columns an app receives unmasked; those masked look like nothing anybody asks for."""
    shown = {column.name for column in query.columns if column.mask is None}
    return tuple(found for found in _declared(query) if found.column in shown)


def _declared(query: Query) -> Iterator[Condition]:
    if isinstance(query, PostgresQuery | AthenaQuery):
        for column, sign, parameter in _COMPARED.findall(query.sql):
            yield Condition(parameter, column, _SIGNS[sign])
        for column, parameter in _YEAR.findall(query.sql):
            yield Condition(parameter, column, "in_year")
    elif isinstance(query, DynamoQuery):
        yield from _of_keys(query)


def _of_keys(query: DynamoQuery) -> Iterator[Condition]:
    columns = {query.attribute(column.name): column.name for column in query.columns}
    keys: list[tuple[str, Holds, Value | None]] = [
        (query.partition.attribute, "equals", query.partition.equals)
    ]
    if query.sort:
        keys += [
            (query.sort.attribute, "equals", query.sort.equals),
            (query.sort.attribute, "at_least", query.sort.at_least),
            (query.sort.attribute, "at_most", query.sort.at_most),
        ]
    for attribute, holds, value in keys:
        if isinstance(value, FromParameter) and attribute in columns:
            yield Condition(value.parameter, columns[attribute], holds)
