"""A delegation: while somebody is away, another is asked in their place."""

from datetime import date, datetime
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from appguard.kernel.ids import PersonId
from appguard.kernel.record import Record

MOST_DAYS = 90


class Delegation(Record):
    """One person's delegate for some days, the last included; days are those of UTC.

    It gives no right: the delegate speaks by roles of their own. It says whom to ask, and for whom one spoke.
    """

    of: PersonId
    of_email: str
    to: PersonId
    to_email: str
    first_day: date
    last_day: date
    named_at: AwareDatetime
    version: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _some_days(self) -> Self:
        if not 0 <= (self.last_day - self.first_day).days < MOST_DAYS:
            raise ValueError(f"it begins on its first day and lasts {MOST_DAYS} days at most")
        return self

    def holds(self, now: datetime) -> bool:
        """Whether the person is away at this moment."""
        return self.first_day <= now.date() <= self.last_day
