"""Drawing from what a profile says: bars of a histogram, weighted words, patterns of characters."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor
from string import ascii_lowercase, ascii_uppercase, digits

from appguard.connectors.profiles.model import DayBar, NumberBar

_KINDS = {"a": ascii_lowercase, "A": ascii_uppercase, "9": digits}


def drawn(bars: Sequence[NumberBar], dice: random.Random) -> float:
    """A number: a bar by its share, then any place within it, as coarse as the bar's ends."""
    [bar] = dice.choices(bars, [bar.share for bar in bars])
    number = bar.from_ + dice.random() * (bar.until - bar.from_)
    return floor(number) if bar.from_.is_integer() and bar.until.is_integer() else round(number, 2)


def drawn_day(bars: Sequence[DayBar], dice: random.Random) -> date:
    """A day, likewise."""
    [bar] = dice.choices(bars, [bar.share for bar in bars])
    return bar.from_ + timedelta(days=dice.randrange((bar.until - bar.from_).days))


def chosen(weights: Mapping[str, float], dice: random.Random) -> str:
    """One of the words, by weight."""
    [word] = dice.choices(list(weights), list(weights.values()))
    return word


def spelt(pattern: str, dice: random.Random) -> str:
    """Another text of the same pattern.

    >>> spelt("AA-99", random.Random(1))
    'ES-25'
    """
    return "".join(dice.choice(_KINDS.get(character, character)) for character in pattern)
