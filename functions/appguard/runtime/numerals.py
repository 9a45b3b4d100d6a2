"""Reading numbers as people type them, exactly."""

import re
from decimal import Decimal

from appguard.runtime.pages import IntegerField, NumberField

DIGITS = re.compile(r"[+-]?[0-9]{1,15}")
DECIMAL = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]+)?")


class Refused(Exception):
    """One field does not hold; the message tells the person what to enter."""


def numeric(field: IntegerField | NumberField, text: str) -> int | float:
    """The number meant by `text`; raises `Refused`."""
    return _integer(field, text) if isinstance(field, IntegerField) else _number(field, text)


def _integer(field: IntegerField, text: str) -> int:
    if not DIGITS.fullmatch(text):
        raise Refused(f"{field.label} must be a whole number, like 12")
    value = int(text)
    _within(field, Decimal(value))
    return value


def _number(field: NumberField, text: str) -> float:
    """A comma separates decimals like a point does. Fifteen digits survive JSON unchanged."""
    if not DECIMAL.fullmatch(text):
        raise Refused(f"{field.label} must be a number, like 12.50")
    value = Decimal(text.replace(",", "."))
    if -int(value.as_tuple().exponent) > field.decimals:
        raise Refused(f"{field.label} may have at most {field.decimals} digits after the point")
    _within(field, value)
    return float(value)


def _within(field: IntegerField | NumberField, value: Decimal) -> None:
    if field.minimum is not None and value < field.minimum:
        raise Refused(f"{field.label} must be {field.minimum} or more")
    if field.maximum is not None and value > field.maximum:
        raise Refused(f"{field.label} must be {field.maximum} or less")
