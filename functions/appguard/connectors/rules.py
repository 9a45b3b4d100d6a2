"""Rules a connector file sets for accesses: limits, the smallest group, what may leave as a file."""

from typing import Literal, Self

from pydantic import Field

from appguard.connectors.declared import Declared, Name


class Limits(Declared):
    """What one access may take at most, and how often one user of an app may ask."""

    rows: int = Field(default=500, ge=1, le=5000)
    bytes: int = Field(default=256 * 1024, ge=1024, le=4 * 1024 * 1024)
    timeout_ms: int = Field(default=2000, ge=50, le=20_000)
    calls_per_minute: int | None = Field(default=None, ge=1, le=6000)

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
