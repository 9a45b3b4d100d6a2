"""All tables of a report as one workbook, a sheet each. Texts stay texts: nothing is a formula or a link."""

import io
from datetime import UTC
from typing import TYPE_CHECKING

from appguard.connectors.exports.as_xlsx import INERT
from appguard.reports.document import Document, Table, Tone

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SHEET_NAME = 31
MOST_ROWS = 1_048_575
WIDEST = 60


def xlsx_of(document: Document) -> bytes:
    """The workbook; the same document gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415 - half a second that only this form needs

    out = io.BytesIO()
    made_at = document.made_at.astimezone(UTC).replace(tzinfo=None)
    with xlsxwriter.Workbook(out, {"in_memory": True, **INERT}) as book:
        book.set_properties(
            {
                "title": document.title,
                "comments": document.report_id,
                "author": "AppGuard",
                "created": made_at,
            }
        )
        for table in document.tables():
            _sheet(book, table)
    return out.getvalue()


def _sheet(book: "Workbook", table: Table) -> None:
    sheet = book.add_worksheet(table.name[:SHEET_NAME])
    bold, bad = book.add_format({"bold": True, "bottom": 1}), book.add_format({"font_color": "#A81E1E"})
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, bold)
        widest = max((len(str(row.cells[column])) for row in table.rows[:500]), default=0)
        sheet.set_column(column, column, min(max(widest, len(head)) + 2, WIDEST))
    for line, row in enumerate(table.rows[:MOST_ROWS], start=1):
        for column, cell in enumerate(row.cells):
            write = sheet.write_number if isinstance(cell, int) else sheet.write_string
            write(line, column, cell, bad if row.tone is Tone.BAD else None)
