"""From a source's rows to the answer: checked against the user, masked, turned into JSON."""

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from appguard.connectors.model import Mask, Query
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.table import table_of
from benchmarks.measure import Measurement

WHO = Identity("ana@example.com", "leave")
LIMITS = Limits(rows=5000, bytes=4 * 1024 * 1024)
FEW, MANY, ROUNDS = 500, 5000, 7

VALUES = {
    "name": "Ana Alvarez",
    "email": "ana@example.com",
    "account": "DE00370409760016875487",
    "born": date(1985, 3, 2),
    "hired": date(2020, 1, 1),
    "days": Decimal("12.50"),
    "count": 7,
    "number": UUID(int=7),
}
MASKS = {"email": Mask.PARTIAL, "account": Mask.HASH, "born": Mask.YEAR, "count": Mask.NULL}
"""Every mask once, among as many columns without."""

QUERY = Query.model_validate(
    {
        "title": "Everything",
        "columns": [
            {"name": name, "label": name, "class": "personal"}
            | ({"mask": MASKS[name]} if name in MASKS else {})
            for name in VALUES
        ],
        "user_in": ["checked"],
    }
)


def measure() -> Iterator[Measurement]:
    """Processor time a cell, and whether ten times the rows cost more than ten times as much."""
    few, many = a_cell(FEW), a_cell(MANY)
    yield Measurement("table: filter, mask and encode a cell", round(many * 1e6, 2), "µs", 3)
    yield Measurement(f"table: a cell of {MANY} rows over one of {FEW}", round(many / few, 2), "x", 1.3)


def a_cell(rows: int) -> float:
    """Seconds of processor time."""
    row = (*VALUES.values(), WHO.email)
    result = Result((*VALUES, "checked"), [row] * rows)
    return min(_took(result) for _ in range(ROUNDS)) / (rows * len(row))


def _took(result: Result) -> float:
    started = time.process_time()
    table_of(QUERY, result, WHO, b"key", LIMITS)
    return time.process_time() - started
