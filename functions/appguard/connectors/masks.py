"""What a value becomes on its way out of the broker."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from appguard.connectors.binding import keyed_digest
from appguard.connectors.model import Column, Mask

VISIBLE = 4
DOT = "•"

Shape = Callable[[Any], JsonValue]
"""A value as the database returned it → as it leaves."""


def shape_of(column: Column, key: bytes) -> Shape:
    """The function that masks a column's values and turns them into JSON.

    Masked or not, an absent value stays absent. `key` makes hashes useless to compare elsewhere.
    """
    match column.mask:
        case None:
            return jsonable
        case Mask.NULL:
            return _nothing
        case Mask.YEAR:
            return _year
        case Mask.PARTIAL:
            return _partial
        case Mask.HASH:
            return lambda value: (
                None if value is None else keyed_digest(key, f"{column.name}\x00{value}")[:16]
            )


def jsonable(value: Any) -> JsonValue:
    """A database value as JSON: dates in ISO form, decimals as numbers, ids as text.

    Rows, arrays and documents are refused: they could carry columns nobody declared.
    """
    convert = _CONVERT.get(type(value))
    if convert is None:
        raise TypeError("a column has a type no connector may return")
    return convert(value)


def _as_it_is(value: Any) -> JsonValue:
    return value  # type: ignore[no-any-return]


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_CONVERT: dict[type, Shape] = {
    **dict.fromkeys((type(None), str, bool, int, float), _as_it_is),
    Decimal: _number,
    date: date.isoformat,
    datetime: datetime.isoformat,
    UUID: str,
}


def _nothing(_value: object) -> None:
    return None


def _year(value: object) -> int | None:
    """The year alone; anything but a date becomes nothing rather than slip through."""
    return value.year if isinstance(value, date) else None


def _partial(value: object) -> str | None:
    """The last four characters of a long value, none of a short one; an address keeps its domain."""
    if value is None:
        return None
    text = str(value)
    local, at, domain = text.partition("@")
    if at:
        return f"{local[:1]}{DOT * 3}@{domain}"
    return DOT * 4 + (text[-VISIBLE:] if len(text) >= 3 * VISIBLE else "")
