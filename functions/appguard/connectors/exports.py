"""Tables as files that a spreadsheet opens without running anything."""

import csv
import hashlib
import io
from dataclasses import dataclass

from pydantic import JsonValue

from appguard.connectors.errors import ExportBlocked, ResultTooLarge
from appguard.connectors.model import Connector, Query
from appguard.connectors.table import Table

FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫")  # noqa: RUF001 - look-alikes that spreadsheets also run


@dataclass(frozen=True)
class Export:
    """A file and what the ledger keeps of it."""

    name: str
    content: str
    rows: int

    @property
    def digest(self) -> str:
        """Content address of the file."""
        return "sha256:" + hashlib.sha256(self.content.encode()).hexdigest()


def permitted(connector: Connector, query: Query, form: str) -> None:
    """Raise `ExportBlocked` unless the query's rules let it leave as a file of this form."""
    offered = query.exports.formats
    if form not in offered:
        listed = ", ".join(offered)
        raise ExportBlocked(
            f"this query does not leave as {form}",
            f"Ask for {listed}." if listed else f"Ask {connector.owner}, who answers for this data.",
        )
    if query.exports.needs == "approver":
        raise ExportBlocked("this query leaves as a file only with an approval", f"Ask {connector.owner}.")


def csv_of(name: str, table: Table) -> Export:
    """The table as RFC 4180 CSV in UTF-8 with a byte order mark, as spreadsheets expect it."""
    if table.truncated:
        raise ResultTooLarge(f"there are more than {len(table.rows)} rows; a file would lack some")
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(column.label) for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return Export(f"{name}.csv", "\ufeff" + out.getvalue(), len(table.rows))


def safe_cell(value: JsonValue) -> str:
    """The cell's text, led by an apostrophe where a spreadsheet would take it for a formula.

    >>> safe_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    bare = value.lstrip("\ufeff\u200b\xa0 ")
    return "'" + value if bare[:1] in FORMULA and bare else value
