"""Tables of a report as CSV, all their rows."""

import csv
import io
from collections.abc import Iterable, Sequence

from appguard.connectors.exports.cells import safe_cell
from appguard.reports.document import Cell


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, as spreadsheets expect it; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
