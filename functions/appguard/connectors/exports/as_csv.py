"""A table as CSV."""

import csv
import io

from appguard.connectors.exports.cells import safe_cell
from appguard.connectors.exports.file import Mark
from appguard.connectors.table import Table


def csv_of(table: Table, _mark: Mark) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, as spreadsheets expect it.

    The mark is in the file's name alone: CSV knows no comment, so a line of it would be read as the
    header or as one more row of data.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(column.label) for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
