"""A table as a workbook. Texts are written as texts: nothing in the file is a formula or a link."""

import io
from datetime import UTC, date
from typing import TYPE_CHECKING

from pydantic import JsonValue

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.exports.cells import would_run
from appguard.connectors.exports.file import Mark
from appguard.connectors.model import Column
from appguard.connectors.table import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EXACT = 10**15
"""Spreadsheets keep fifteen digits; a longer number is a name, and would become another one."""
FIRST_DAY = date(1900, 3, 1)
"""Before it Excel and the calendar disagree, for Excel knows a 29 February 1900."""
WIDEST = 400


def xlsx_of(table: Table, mark: Mark) -> bytes:
    """The rows on one sheet, the mark on a second one, in each page's footer and in the properties."""
    import xlsxwriter  # noqa: PLC0415 - only exports as a workbook need it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **INERT}) as book:
        book.set_properties({
            "author": mark.by, "comments": f"{mark.purpose} ({mark.entry})",
            "created": mark.at.astimezone(UTC).replace(tzinfo=None),
        })  # fmt: skip
        _Sheet(book, "Data", mark).fill(table.columns, table.rows)
        about = [Column.model_validate({"name": n, "label": n, "class": "public"}) for n in ("fact", "value")]
        _Sheet(book, "About this file", mark).fill(about, [list(fact) for fact in mark.facts()])
    return out.getvalue()


class _Sheet:
    """One sheet: a heading for each column, then rows of inert cells."""

    def __init__(self, book: "Workbook", title: str, mark: Mark) -> None:
        self._sheet: Worksheet = book.add_worksheet(title)
        self._heading = book.add_format({"bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = book.add_format({"num_format": "@"})
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._sheet.freeze_panes(1, 0)
        who, where = (_plain(text, 80) for text in (mark.by, mark.app_id))
        self._sheet.set_footer(f"&L{mark.class_} · {who} · {where}&R{mark.entry}")

    def fill(self, columns: "tuple[Column, ...] | list[Column]", rows: list[list[JsonValue]]) -> None:
        """Write headings and rows, as wide as what they hold."""
        for at, column in enumerate(columns):
            self._write(0, at, column.label, self._heading)
        for number, row in enumerate(rows, start=1):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._cell(number, at, column, value)
        self._sheet.autofit(WIDEST)

    def _cell(self, row: int, at: int, column: Column, value: JsonValue) -> None:
        match value:
            case None:
                pass
            case bool():
                self._sheet.write_boolean(row, at, value)
            case int() | float() if abs(value) < EXACT:
                self._sheet.write_number(row, at, value)
            case _:
                day = _day(value) if column.type == "date" else None
                if day:
                    self._sheet.write_datetime(row, at, day, self._day)
                else:
                    text = str(value)
                    self._write(row, at, text, self._quoted if would_run(text) else self._text)

    def _write(self, row: int, at: int, text: str, form: object) -> None:
        """A text as text; one that no workbook can hold whole is refused, not shortened."""
        if self._sheet.write_string(row, at, text, form) < 0:
            raise ResultTooLarge("a text is longer than a cell of a workbook", "Ask for csv or json.")


def _day(value: JsonValue) -> date | None:
    """The day that a cell of a column of dates holds, if a workbook can show it as one."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


def _plain(text: str, length: int) -> str:
    """A text for header or footer, where `&` begins a command."""
    return text[:length].replace("&", "&&")
