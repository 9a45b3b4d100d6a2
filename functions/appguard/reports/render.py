"""Every file of a report, by its name in the report's folder."""

from collections.abc import Iterable

from appguard.reports.as_csv import csv_of
from appguard.reports.as_html import html_of
from appguard.reports.as_oscal import oscal_of
from appguard.reports.as_pdf import pdf_of
from appguard.reports.as_xlsx import xlsx_of
from appguard.reports.history import Access
from appguard.reports.report import Report
from appguard.reports.words.dates import moment
from appguard.reports.words.write import write

ACCESSES = ("When", "Who", "App", "Access", "Query or command", "Classes", "Rows", "Exception", "Entry")


def render(report: Report, accesses: Iterable[Access]) -> dict[str, bytes]:
    """The report in all its forms; `accesses` are the single ones behind its sums."""
    document = write(report)
    annexes = {
        f"annexes/{table.name}.csv": csv_of(table.heads, (row.cells for row in table.rows))
        for table in document.tables()
    }
    return {
        "report.pdf": pdf_of(document),
        "report.html": html_of(document),
        "report.json": report.model_dump_json(indent=1, by_alias=True).encode(),
        "assessment-results.oscal.json": oscal_of(report),
        "annexes.xlsx": xlsx_of(document),
        "annexes/accesses.csv": csv_of(ACCESSES, map(_access, accesses)),
        **annexes,
    }


def _access(one: Access) -> tuple[str | int, ...]:
    return (
        moment(one.at),
        one.actor,
        one.app_id,
        one.action,
        one.resource,
        ", ".join(one.classes),
        one.rows,
        one.exception,
        one.event_id,
    )
