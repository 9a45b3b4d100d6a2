"""A query's result as the table page its author described."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from appguard.runtime.pages import TablePage
from appguard.runtime.rows import Rows
from appguard.runtime.words import is_number

ROWS_PER_PAGE = 20


@dataclass(frozen=True)
class Heading:
    """A column as shown."""

    label: str
    masked: bool = False
    numeric: bool = False


@dataclass(frozen=True)
class View:
    """One page of a table."""

    columns: tuple[Heading, ...]
    rows: tuple[tuple[JsonValue, ...], ...]
    page: int
    pages: int
    total: int
    truncated: bool = False

    @property
    def first(self) -> int:
        """Number of the first row shown, counted from one."""
        return (self.page - 1) * ROWS_PER_PAGE + 1

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def masked(self) -> list[str]:
        """Labels of the columns that hide part of their values."""
        return [column.label for column in self.columns if column.masked]


def view(page: TablePage, result: Rows, number: int) -> View:
    """The columns the author chose, in their order; page `number` of the rows, as near as there is one."""
    places = {column.name: place for place, column in enumerate(result.columns)}
    shown = [(column, places[column.name]) for column in page.columns if column.name in places]
    headings = tuple(
        Heading(
            label=column.label or result.columns[place].label or _words(column.name),
            masked=result.columns[place].masked,
            numeric=_numeric([row[place] for row in result.rows]),
        )
        for column, place in shown
    )
    pages = max(1, -(-len(result.rows) // ROWS_PER_PAGE))
    number = min(max(1, number), pages)
    part = result.rows[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
    rows = tuple(tuple(row[place] for _, place in shown) for row in part)
    return View(headings, rows, number, pages, len(result.rows), result.truncated)


def _numeric(values: Sequence[JsonValue]) -> bool:
    filled = [value for value in values if value is not None]
    return bool(filled) and all(is_number(value) for value in filled)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
