"""Values a form accepts, at the edges of each field: what people may send sooner or later."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple, assert_never

from appguard.runtime.pages import (
    CheckboxField,
    ChoiceField,
    DateField,
    EmailField,
    FormField,
    FormPage,
    IntegerField,
    LongTextField,
    NumberField,
    TextField,
)

MOST = 120
DAY = date(2026, 6, 15)
_LIKE_ANOTHER_TYPE = ("2026-06-15", "12", "123e4567-e89b-12d3-a456-426614174000")
"""A text that happens to be a date, a number or an id: a connector may want one, and people can type it."""


class Submission(NamedTuple):
    """One way to fill in a form, and that way in words."""

    how: str
    values: dict[str, str]


def submissions(page: FormPage) -> list[Submission]:
    """The form filled in, with only what it requires, without each optional field, and at every edge."""
    edges = {field.name: _edges(field, page) for field in page.fields}
    full = {name: values[0] for name, values in edges.items()}
    optional = [field.name for field in page.fields if not field.required]
    found = [Submission("filled in completely", full)]
    if optional:
        required = {name: value for name, value in full.items() if name not in optional}
        found.append(Submission("with required fields only", required))
    found += [
        Submission(f"without {name}", {other: value for other, value in full.items() if other != name})
        for name in optional
    ]
    for turn in range(1, max(map(len, edges.values()))):
        values = {name: choices[turn % len(choices)] for name, choices in edges.items()}
        found.append(Submission("with values its fields allow", values))
    return found[:MOST]


def _edges(field: FormField, page: FormPage) -> list[str]:
    """Values of one field, the most ordinary first. Days that depend on each other are all the same."""
    tied = {other.not_before for other in page.fields if isinstance(other, DateField)}
    if isinstance(field, DateField) and (field.not_before or field.name in tied):
        return [_ordinary_day(field).isoformat()]
    return list(dict.fromkeys(_values(field)))


def _values(field: FormField) -> Iterator[str]:
    match field:
        case TextField() | LongTextField():
            yield from _texts(field)
        case EmailField():
            yield "sample.person@example.com"
        case IntegerField() | NumberField():
            yield from _numbers(field)
        case DateField():
            yield from (
                day.isoformat() for day in (_ordinary_day(field), field.earliest, field.latest) if day
            )
        case ChoiceField():
            yield from field.choices
        case CheckboxField():
            yield "yes"
            if not field.required:
                yield ""
        case _:
            assert_never(field)


def _texts(field: TextField | LongTextField) -> Iterator[str]:
    least = field.min_length if isinstance(field, TextField) else 0
    yield "a" * min(max(least, 8), field.max_length)
    yield "a" * max(least, 1)
    yield "a" * field.max_length
    yield from (text for text in _LIKE_ANOTHER_TYPE if least <= len(text) <= field.max_length)
    if isinstance(field, LongTextField) and field.max_length > len("a\nb"):
        yield "a\nb"


def _numbers(field: IntegerField | NumberField) -> Iterator[str]:
    """One, or the nearest the bounds allow; then the bounds the author set, and no others."""
    low, high = field.minimum, field.maximum
    one = Decimal(1)
    ordinary = max(one, Decimal(low)) if low is not None else one
    yield f"{min(ordinary, Decimal(high)) if high is not None else ordinary:f}"
    yield from (f"{Decimal(bound):f}" for bound in (low, high) if bound is not None)
    if isinstance(field, NumberField) and field.decimals:
        half = ordinary + Decimal("0.5")
        if high is None or half <= Decimal(high):
            yield f"{half:f}"


def _ordinary_day(field: DateField) -> date:
    day = max(DAY, field.earliest) if field.earliest else DAY
    return min(day, field.latest) if field.latest else day
