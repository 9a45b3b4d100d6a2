"""A report as a PDF for archives and screen readers alike: PDF/A-2a and PDF/UA-1, set by typst.

The template never changes and the report reaches it as JSON: nothing in a report is markup.
"""

import json
from pathlib import Path
from typing import Any

from appguard.reports.charts import svg
from appguard.reports.document import Document, Table

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
INK = "#17211d"


def pdf_of(document: Document) -> bytes:
    """The same document gives the same bytes."""
    import typst  # noqa: PLC0415 - thirty megabytes of typesetting

    told = document.model_dump(mode="json") | {"sections": [_section(one) for one in document.sections]}
    compiler = typst.Compiler(TEMPLATE.read_bytes(), ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf",
        sys_inputs={"report": json.dumps(told)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(document.made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one document, no output file
    return made


def _section(section: Any) -> dict[str, Any]:
    return {
        "title": section.title,
        "prose": section.prose,
        "charts": [
            {"title": one.title, "description": one.description, "svg": svg(one, INK)}
            for one in section.charts
        ],
        "tables": [_table(one) for one in section.tables if not one.folded],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "heads": table.heads,
        "rows": [{"cells": [_cell(cell) for cell in row.cells], "tone": row.tone} for row in table.shown],
        "all": len(table.rows),
    }


def _cell(cell: str | int) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
