"""From a table to a file in the format that was asked for."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.exports.as_csv import csv_of
from appguard.connectors.exports.as_json import json_of
from appguard.connectors.exports.as_xlsx import xlsx_of
from appguard.connectors.exports.file import Export, Mark
from appguard.connectors.rules import FileFormat
from appguard.connectors.table import Table

LARGEST = 4 * 1024 * 1024
"""Bytes of a file: what the broker's function can return in base64 within its 6 MB."""


class Form(NamedTuple):
    """How a format is written, and what it is called on the way."""

    write: Callable[[Table, Mark], bytes]
    media_type: str


FORMS: Mapping[FileFormat, Form] = {
    "csv": Form(csv_of, "text/csv; charset=utf-8"),
    "json": Form(json_of, "application/json"),
    "xlsx": Form(xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def file_of(wanted: FileFormat, name: str, table: Table, mark: Mark) -> Export:
    """The whole table as a file named after query and ledger entry; raises `ResultTooLarge`."""
    if table.truncated:
        raise ResultTooLarge(f"there are more than {len(table.rows)} rows; a file would lack some")
    form = FORMS[wanted]
    content = form.write(table, mark)
    if len(content) > LARGEST:
        raise ResultTooLarge(f"the file exceeds {LARGEST} bytes")
    return Export(f"{name}-{mark.entry}.{wanted}", form.media_type, content, len(table.rows), mark)
