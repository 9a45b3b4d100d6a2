"""Rows narrowed by a condition, and made to hold it where none does."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import JsonValue

Cells = tuple[JsonValue, ...]
_IN_ISO = 4
"""Digits of the year in an ISO date."""


class Narrowing(NamedTuple):
    """A condition on the cell at `place`, with the value it compares with."""

    place: int
    holds: str
    given: JsonValue

    def holds_for(self, row: Cells) -> bool:
        """Whether a row may stay. Values of different types are never comparable."""
        cell = row[self.place]
        if self.holds == "in_year":
            return isinstance(cell, str) and cell[:_IN_ISO] == f"{self.given}"
        if self.holds == "equals":
            return cell == self.given
        if isinstance(cell, str) and isinstance(self.given, str):  # days in ISO form sort as days do
            return cell >= self.given if self.holds == "at_least" else cell <= self.given
        if isinstance(cell, int | float) and isinstance(self.given, int | float):
            return cell >= self.given if self.holds == "at_least" else cell <= self.given
        return False

    def made_to_hold(self, row: Cells) -> Cells:
        """The row, with its cell changed if it does not hold."""
        if self.holds_for(row):
            return row
        return (*row[: self.place], self._fitting(row[self.place]), *row[self.place + 1 :])

    def _fitting(self, cell: JsonValue) -> JsonValue:
        if self.holds != "in_year" or not isinstance(cell, str):
            return self.given
        year = f"{self.given}"
        return f"{year}-02-28" if cell.endswith("-02-29") else year + cell[_IN_ISO:]


def days_moved(
    rows: Sequence[Cells], days: Sequence[int], narrowings: Sequence[Narrowing]
) -> tuple[Cells, ...]:
    """The rows with all their days moved alike, until the first or the last lies where it was asked for."""
    moved = tuple(rows)
    for each in narrowings:
        if each.place in days and each.holds != "in_year" and (by := _distance(moved, each)):
            moved = tuple(_moved(row, days, by) for row in moved)
    return moved


def _distance(rows: Sequence[Cells], narrowing: Narrowing) -> timedelta | None:
    """From the outermost day there is to the one asked for; of a window, its beginning decides."""
    there = sorted(cell for row in rows if isinstance(cell := row[narrowing.place], str))
    wanted = _day(narrowing.given)
    if not there or wanted is None or (narrowing.holds == "at_most" and there[0] <= str(narrowing.given)):
        return None
    found = _day(there[-1] if narrowing.holds == "at_most" else there[0])
    return wanted - found if found else None


def _moved(row: Cells, days: Sequence[int], by: timedelta) -> Cells:
    return tuple(
        (day + by).isoformat() if n in days and (day := _day(cell)) else cell for n, cell in enumerate(row)
    )


def _day(cell: JsonValue) -> date | None:
    try:
        return date.fromisoformat(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
