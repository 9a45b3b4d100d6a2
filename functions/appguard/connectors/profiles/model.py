"""What a data owner publishes of a source's distributions: `policies/connectors/profiles/<name>.yaml`.

Every word and bar speaks of at least `k` people: docs/decisions/0022-synthetic-rows.md says why that holds.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from appguard.connectors.declared import Declared, Name
from appguard.kernel.ids import ConnectorName

K = 10
"""Fewest people a published figure may speak of."""

Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class NumberBar(Declared):
    """How many of the values lie from one number up to, not including, another."""

    from_: float = Field(alias="from", allow_inf_nan=False)
    until: float = Field(allow_inf_nan=False)
    share: Share

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until must lie above from")
        return self


class DayBar(Declared):
    """How many of the values lie from one day up to, not including, another."""

    from_: date = Field(alias="from")
    until: date
    share: Share

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until must lie after from")
        return self


class ColumnProfile(Declared):
    """One column. What is left out is not known, and stays as it is without a profile.

    Of dates whose `sample` is `later`, `numbers` are the days since the row's own day.
    """

    empty: Share = 0
    words: Mapping[Word, Share] = Field(default_factory=dict, max_length=100)
    """How often each word comes; what is missing to 1 were words too rare to name."""
    patterns: Mapping[Word, Share] = Field(default_factory=dict, max_length=20)
    """Forms of texts: `A` an upper, `a` a lower letter, `9` a digit."""
    lengths: tuple[NumberBar, ...] = Field(default=(), max_length=50)
    numbers: tuple[NumberBar, ...] = Field(default=(), max_length=50)
    days: tuple[DayBar, ...] = Field(default=(), max_length=50)

    @property
    def tells_values(self) -> bool:
        """Whether it says more than what may be said of personal data."""
        return bool(self.words or self.patterns or self.numbers or self.days)


class QueryProfile(Declared):
    """One query."""

    rows: int = Field(default=0, ge=0)
    """How many it has for everybody together, rounded down to tens."""
    rows_per_person: tuple[NumberBar, ...] = Field(default=(), max_length=50)
    columns: Mapping[Name, ColumnProfile] = Field(default_factory=dict)

    def of(self, column: str) -> ColumnProfile:
        """What is known of a column."""
        return self.columns.get(column, _NOTHING)


class Profile(Declared):
    """One connector's queries, as they were on a day."""

    connector: ConnectorName
    taken_on: date
    k: int = Field(ge=K)
    queries: Mapping[Name, QueryProfile] = Field(default_factory=dict)


_NOTHING = ColumnProfile()
