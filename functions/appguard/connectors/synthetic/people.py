"""People who do not exist. The same number is the same person in every query of a preview."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

USER, MANAGER = 0, -1
"""The person a preview is shown to, and their manager; everybody from 1 on reports to the user."""

_FIRST = ("Alex", "Bo", "Charlie", "Dana", "Eli", "Finn", "Gale", "Kim", "Lou", "Robin", "Sasha", "Toni")
_LAST = ("Sample", "Muster", "Ejemplo", "Exemple", "Campione", "Voorbeeld", "Prov", "Vzor")
_YOUNGEST = date(2005, 1, 1)
_STRIDE = 29
"""Prime to the number of names, so that nobody shares one before all are taken."""


@dataclass(frozen=True)
class MadeUpPerson:
    """What queries may say of a person."""

    name: str
    email: str
    iban: str
    birth: date


@lru_cache(maxsize=256)
def person(number: int, seed: int = 0) -> MadeUpPerson:
    """The person of that number.

    >>> person(USER).name
    'Sample Person'
    """
    dice = random.Random(f"{seed}/person/{number}")  # noqa: S311 - examples, no secrets
    name = "Sample Person" if number == USER else _name(number, seed)
    domain = "example.com" if number == USER else "example.org"
    return MadeUpPerson(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@{domain}",
        iban="XX00" + "".join(dice.choices("0123456789", k=18)),
        birth=_YOUNGEST - timedelta(days=dice.randrange(40 * 365)),
    )


def manager_of(number: int, seed: int = 0) -> MadeUpPerson:
    """To whom a person reports."""
    return person(MANAGER if number == USER else USER, seed)


def _name(number: int, seed: int) -> str:
    turn = (number * _STRIDE + seed) % (len(_FIRST) * len(_LAST))
    return f"{_FIRST[turn % len(_FIRST)]} {_LAST[turn // len(_FIRST)]}"
