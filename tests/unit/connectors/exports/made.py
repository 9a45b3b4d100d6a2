"""Tables and marks to make files of."""

from datetime import UTC, datetime

from appguard.connectors.exports.file import Mark
from appguard.connectors.model import Column
from appguard.connectors.table import Table
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.levels import DataClass

ENTRY = EventId("evt-" + "0123456789abcdef" * 2)
MARK = Mark(
    ENTRY,
    datetime(2026, 11, 24, 20, 15, tzinfo=UTC),
    "ana@example.com",
    AppId("leave-request"),
    "hr-db/headcount",
    DataClass.INTERNAL,
    "Planning & =1+1",
)


def column(name="c", kind="text"):
    return Column.model_validate({"name": name, "label": name.upper(), "class": "public", "type": kind})


def table(*rows, columns=None, truncated=False):
    return Table(tuple(columns or [column()]), [list(row) for row in rows], truncated)
