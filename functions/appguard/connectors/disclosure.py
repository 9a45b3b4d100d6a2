"""Persons in texts that a connector file calls harmless: what has their marks does not go through.

Only free texts below personal are read, and of them only those with digits enough or an `@`: most cells
cost one search.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import JsonValue

from appguard.connectors.errors import PersonInText
from appguard.connectors.model import Column, Command, Query
from appguard.connectors.parameters import Bound
from appguard.connectors.table import Table
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.levels import DataClass

HIDDEN = "••••"
_DIGITS = re.compile(r"(?:[0-9][^0-9]{0,3}){6}")
_DECLARED = frozenset({"email", "uuid"})
Found = Mapping[str, frozenset[str]]
"""Kinds of identifiers by column."""


def without_persons(query: Query, table: Table) -> tuple[Table, Found]:
    """The table with every identifier hidden that stands in a text below personal, and what was hidden."""
    places = [at for at, column in enumerate(query.columns) if _is_free_text(column)]
    if not places:
        return table, {}
    found: dict[str, frozenset[str]] = {}
    rows = [list(row) for row in table.rows]
    for row in rows:
        for at in places:
            text, kinds = cleared(row[at])
            if kinds:
                row[at], name = text, query.columns[at].name
                found[name] = found.get(name, frozenset()) | kinds
    return (replace(table, rows=rows), found) if found else (table, {})


def refuse_persons(command: Command, bound: Mapping[str, Bound]) -> None:
    """Raise `PersonInText` if a parameter below personal holds an identifier of a person."""
    for name, value in bound.items():
        parameter = command.parameters[name]
        if parameter.type == "text" and parameter.class_ < DataClass.PERSONAL and isinstance(value, str):
            _, kinds = cleared(value)
            if kinds:
                listed = ", ".join(sorted(kinds))
                raise PersonInText(f"{parameter.label} seems to hold data of a person ({listed})")


def cleared(value: JsonValue) -> tuple[JsonValue, frozenset[str]]:
    """A value with identifiers hidden, and their kinds. A disguised one hides the whole text."""
    if not isinstance(value, str):
        return value, frozenset()
    text = value if value.isascii() else _plain(value)
    if "@" not in text and not _DIGITS.search(text):
        return value, frozenset()
    hits = sorted(_hits(text))
    if not hits:
        return value, frozenset()
    kinds = frozenset(kind for _, _, kind in hits)
    if text != value:
        return HIDDEN, kinds
    for start, end, _ in reversed(hits):
        text = text[:start] + HIDDEN + text[end:]
    return text, kinds


def person_found(
    app_id: AppId, place: str, column: Column, kinds: frozenset[str], at: datetime
) -> AuditEvent:
    """The finding, once a day for each column: `place` is connector and query."""
    day = str(at.astimezone(UTC).date())
    return AuditEvent.of(
        Action.DATA_PERSON_FOUND,
        Actor.system("connectors"),
        Resource(type="query", id=place),
        at,
        event_id=EventId.of(Action.DATA_PERSON_FOUND, day, place, column.name),
        app_id=app_id,
        column=column.name,
        declared=column.class_.value,
        kinds=[*sorted(kinds)],
    )


def _hits(text: str) -> Iterator[tuple[int, int, str]]:
    from appguard.privacy.contacts import addresses  # noqa: PLC0415 - many patterns, seldom needed
    from appguard.privacy.identifiers import identifiers  # noqa: PLC0415

    for hit in (*identifiers(text), *addresses(text)):
        yield hit.start, hit.end, hit.kind


def _is_free_text(column: Column) -> bool:
    """Whether people may have typed it; what is declared to be an address or an id is none."""
    return (
        column.type == "text"
        and column.class_ < DataClass.PERSONAL
        and column.mask is None
        and column.sample not in _DECLARED
    )


def _plain(text: str) -> str:
    """The text as a reader takes it: wide digits are digits, invisible characters are nothing."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(character for character in normal if unicodedata.category(character) != "Cf")
