"""One made-up value of a column: by what its profile says, else by its type and `sample`."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from appguard.connectors.model import Column
from appguard.connectors.profiles.model import ColumnProfile
from appguard.connectors.synthetic.drawing import chosen, drawn, drawn_day, spelt
from appguard.connectors.synthetic.people import manager_of, person

_NOTES = ("An example", "Another example", "Made up", "To be seen in the preview only")
_LATER = 9
Value = str | int | float | bool | date | None


@dataclass
class Row:
    """What the cells of one row share: its person, and its day, from which later ones are counted."""

    index: int
    seed: int
    subject: int
    day: date


_ABOUT: Mapping[str | None, Callable[[Row], str]] = {
    "person": lambda row: person(row.subject, row.seed).name,
    "email": lambda row: person(row.subject, row.seed).email,
    "iban": lambda row: person(row.subject, row.seed).iban,
    "manager": lambda row: manager_of(row.subject, row.seed).name,
}


def value(column: Column, row: Row, profile: ColumnProfile) -> Value:
    """One raw value, drawn by column and row."""
    dice = random.Random(f"{row.seed}/{column.name}/{row.index}")  # noqa: S311 - examples, no secrets
    if dice.random() < profile.empty:
        return None
    match column.type:
        case "date":
            return _date(column.sample, row, profile, dice)
        case "integer":
            return int(drawn(profile.numbers, dice)) if profile.numbers else dice.randint(1, 30)
        case "number":
            return drawn(profile.numbers, dice) if profile.numbers else dice.randint(2, 60) / 2
        case "boolean":
            return chosen(profile.words or {"true": 0.5, "false": 0.5}, dice) == "true"
        case "text":
            return _text(column.sample, row, profile, dice)


def _date(sample: str | None, row: Row, profile: ColumnProfile, dice: random.Random) -> date:
    """A day of this row; `later`, some days after it; `birth`, its person's."""
    match sample:
        case "later":
            return row.day + timedelta(
                days=int(drawn(profile.numbers, dice)) if profile.numbers else dice.randint(0, _LATER)
            )
        case "birth":
            return person(row.subject, row.seed).birth
        case _:
            return drawn_day(profile.days, dice) if profile.days else row.day


def _text(sample: str | None, row: Row, profile: ColumnProfile, dice: random.Random) -> str:
    """A text of a known kind, a word or pattern of the profile, one of `a|b|c`, or a note."""
    if sample in _ABOUT:
        return _ABOUT[sample](row)
    if sample == "uuid":
        return str(UUID(int=dice.getrandbits(128), version=4))
    words = sample.split("|") if sample and sample != "note" else ()
    if words or profile.words:
        return _word(words or _NOTES, profile, dice)
    if profile.patterns:
        return spelt(chosen(profile.patterns, dice), dice)
    return _of_length(dice.choice(_NOTES), profile, dice)


def _word(samples: Sequence[str], profile: ColumnProfile, dice: random.Random) -> str:
    """A word as often as the profile has it; what it merged as rare is one of the samples."""
    if dice.random() < sum(profile.words.values()):
        return chosen(profile.words, dice)
    rest = [sample for sample in samples if sample not in profile.words]
    return dice.choice(rest or samples)


def _of_length(note: str, profile: ColumnProfile, dice: random.Random) -> str:
    """The note, as long as the source's texts are."""
    if not profile.lengths:
        return note
    length = int(drawn(profile.lengths, dice))
    return (f"{note}. " * (length // len(note) + 1))[:length].rstrip(" .")
