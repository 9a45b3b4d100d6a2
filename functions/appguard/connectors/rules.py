"""Rules a connector file sets for accesses: limits, the smallest group, what may leave as a file."""

from typing import Annotated, Literal, Self

from pydantic import Field

from appguard.connectors.declared import Declared, Name
from appguard.kernel.levels import DataClass

Rows = Annotated[int, Field(ge=0, le=10_000_000)]


class RowsADay(Declared):
    """How many rows one user of an app may be given in a day (UTC), by the class of what a query returns.

    A query is of the class of its most sensitive column. Files count like pages.
    """

    public: Rows = 200_000
    internal: Rows = 50_000
    confidential: Rows = 20_000
    personal: Rows = 10_000
    special: Rows = 2_000

    def of(self, level: DataClass) -> int:
        """The rows of one class."""
        return int(getattr(self, level.value))


class Limits(Declared):
    """What one access may take at most, how often one user of an app may ask, and how much in a day."""

    rows: int = Field(default=500, ge=1, le=5000)
    bytes: int = Field(default=256 * 1024, ge=1024, le=4 * 1024 * 1024)
    timeout_ms: int = Field(default=2000, ge=50, le=20_000)
    calls_per_minute: int | None = Field(default=None, ge=1, le=6000)
    rows_a_day: RowsADay = RowsADay()

    def capped(self, rows: int | None) -> Self:
        """These limits with at most `rows` rows."""
        return self if rows is None else self.model_copy(update={"rows": min(rows, self.rows)})


class MinGroup(Declared):
    """Of aggregates: `count` is the result column that says how many people a row speaks of.

    Rows of fewer than `size` never leave the broker. A count that is not among the query's columns
    is checked and dropped.
    """

    count: Name
    size: int = Field(default=5, ge=2, le=1000)


FileFormat = Literal["csv", "xlsx", "json"]


class Exports(Declared):
    """What may leave as a file: in which formats (none at all if empty), how many rows, with what leave.

    Personal data and above need an approver's exception, whatever stands here.
    """

    formats: tuple[FileFormat, ...] = ("csv", "xlsx", "json")
    rows: int | None = Field(default=None, ge=1, le=5000)
    needs: Literal["purpose", "approver"] = "purpose"
