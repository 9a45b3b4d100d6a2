"""Requests out of declared values, and rows out of documents by declared paths."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from appguard.connectors.errors import SourceFailed
from appguard.connectors.kinds.http import HttpCommand, HttpQuery, Request
from appguard.connectors.kinds.values import Value
from appguard.connectors.parameters import Bound
from appguard.connectors.sources.cells import Cell, typed
from appguard.kernel.errors import Invalid

Resolve = Callable[[Value], Bound]


def target(base: str, request: Request, resolve: Resolve) -> str:
    """Path and query string below the base path."""
    segments = [part if isinstance(part, str) else _segment(resolve(part)) for part in request.segments]
    given = {key: resolve(value) for key, value in request.query.items()}
    said = urlencode({key: _text(v) for key, v in given.items() if v is not None}, quote_via=quote, safe="")
    return "/".join([base, *segments]) + (f"?{said}" if said else "")


def body(command: HttpCommand, resolve: Resolve) -> bytes:
    """The declared members as JSON; optional parameters that were left out are left out."""
    document: dict[str, Any] = {}
    for path, value in command.body.items():
        *parents, last = path.split(".")
        place = document
        for name in parents:
            place = place.setdefault(name, {})
        if (found := resolve(value)) is not None:
            place[last] = _json(found)
    return json.dumps(document, ensure_ascii=False).encode()


def rows(query: HttpQuery, document: Any, wanted: int) -> list[tuple[Cell, ...]]:
    """The first rows of an answer; one that has no list where the file says so is a fault of the source."""
    where, many, _ = query.rows.partition("[*]")
    found = _at(document, where)
    listed = found if many else [found]
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise SourceFailed("the source's answer does not have the shape the connector file says")
    return [_row(query, row) for row in listed[:wanted]]


def _row(query: HttpQuery, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    return typed(query, {column: _at(row, query.place(column)) for column in query.result_columns})


def _at(document: Any, path: str) -> Any:
    """What stands at a path; nothing, where a member on the way is missing."""
    for name in path.split(".") if path else ():
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _segment(value: Bound) -> str:
    """One segment of a path: what a server could take for more than one is refused, not only encoded."""
    text = _text(value)
    if not text.strip(".") or set(text) & set("/\\%"):
        raise Invalid("a parameter has characters that cannot stand in an address")
    return quote(text, safe="@:")


def _text(value: Bound) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _json(value: Bound) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value) if isinstance(value, date | UUID) else value
