"""Made-up rows in the shape of a query: what an app sees until it is published.

The same query, count and seed give the same rows, so that a preview does not flicker
and a test can name its expectations. No source is asked.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from pydantic import JsonValue

from appguard.connectors.masks import shape_of
from appguard.connectors.model import Column, Query

_FIRST = ("Alex", "Bo", "Charlie", "Dana", "Eli", "Finn", "Gale", "Kim", "Lou", "Robin", "Sasha", "Toni")
_LAST = ("Sample", "Muster", "Ejemplo", "Exemple", "Campione", "Voorbeeld", "Prov", "Vzor")
_NOTES = ("An example", "Another example", "Made up", "To be seen in the preview only")
_FIRST_DAY = date(2026, 1, 5)


def _person(dice: random.Random) -> str:
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def _email(dice: random.Random) -> str:
    return _person(dice).lower().replace(" ", ".") + "@example.org"


def _iban(dice: random.Random) -> str:
    return "XX00" + "".join(dice.choices("0123456789", k=18))


def _uuid(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))


def _note(dice: random.Random) -> str:
    return dice.choice(_NOTES)


_SAMPLES: dict[str, Callable[[random.Random], str]] = {
    "person": _person,
    "email": _email,
    "iban": _iban,
    "uuid": _uuid,
    "note": _note,
}


def rows(query: Query, n: int = 5, seed: int = 0) -> list[list[JsonValue]]:
    """`n` rows with a cell for each column of `query`, masked as real ones would be.

    >>> len(rows(registry()["hr-db"].queries["team_calendar"], n=3))
    3
    """
    shapes = [(column, shape_of(column, b"synthetic")) for column in query.columns]
    return [[shape(_value(column, index, seed)) for column, shape in shapes] for index in range(n)]


def _value(column: Column, index: int, seed: int) -> str | int | float | bool | date:
    """One raw value, drawn by column and row, so that adding a column leaves the others alone."""
    dice = random.Random(f"{seed}/{column.name}/{index}")  # noqa: S311 - examples, no secrets
    match column.type:
        case "date":
            return _date(column.sample, random.Random(f"{seed}/day/{index}"), dice)  # noqa: S311
        case "integer":
            return dice.randint(1, 30)
        case "number":
            return dice.randint(2, 60) / 2
        case "boolean":
            return dice.random() < 0.5  # noqa: PLR2004 - a fair coin
        case "text":
            return _text(column.sample, dice)


def _date(sample: str | None, of_row: random.Random, dice: random.Random) -> date:
    """A day of this row; `later`, some days after it; `birth`, long before it."""
    day = _FIRST_DAY + timedelta(days=of_row.randrange(330))
    match sample:
        case "later":
            return day + timedelta(days=dice.randint(0, 9))
        case "birth":
            return day - timedelta(days=dice.randint(20 * 365, 60 * 365))
        case _:
            return day


def _text(sample: str | None, dice: random.Random) -> str:
    """A text like `sample`: a known kind, one of `a|b|c`, or a note."""
    if sample is None:
        return _note(dice)
    return _SAMPLES[sample](dice) if sample in _SAMPLES else dice.choice(sample.split("|"))
