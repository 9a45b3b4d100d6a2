"""Values out of documents and texts, as the types their columns declare."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from appguard.connectors.errors import SourceFailed
from appguard.connectors.model import Query

Cell = str | int | bool | Decimal | date | None


def typed(query: Query, named: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One row in the order of the query's columns; absent values stay absent.

    Raises `SourceFailed` where a value is not of its column's type, whose mask would then not fit.
    """
    types = {column.name: column.type for column in query.columns}
    if query.min_group:
        types.setdefault(query.min_group.count, "integer")
    return tuple(_typed(types.get(name, "text"), name, named.get(name)) for name in query.result_columns)


def _typed(kind: str, name: str, value: Any) -> Cell:
    if value is None:
        return None
    try:
        return _READ[kind](value)
    except (TypeError, ValueError, InvalidOperation):
        raise SourceFailed(f"the source's {name} is not of the type {kind}") from None


def _text(value: Any) -> str:
    """Texts and plain numbers; a list or a document could carry columns nobody declared."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError
    return str(value)


def _integer(value: Any) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _date(value: Any) -> date:
    """The day, also of a time stamp."""
    if not isinstance(value, str):
        raise TypeError
    return datetime.fromisoformat(value).date()


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError
    return bool(value == "true")


_READ: Mapping[str, Callable[[Any], Cell]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
}
