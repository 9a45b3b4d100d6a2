"""The days a page is about, as its address names them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self

from appguard.kernel.errors import Invalid
from appguard.portal.http import Request

LONGEST = timedelta(days=3 * 366)


class Days(NamedTuple):
    """From the first to the last day, both included, in UTC as the ledger counts them."""

    first: date
    last: date

    @classmethod
    def asked_by(cls, request: Request, today: date, usual: int) -> Self:
        """The days from `from` to `to` of an address, else the last `usual` many; raises `Invalid`."""
        last = _day(request.query.get("to", "")) or today
        first = _day(request.query.get("from", "")) or last - timedelta(days=usual - 1)
        if first > last:
            raise Invalid("The first day is after the last one", "Swap them.")
        if last - first > LONGEST:
            raise Invalid("More than three years are asked for", "Choose fewer days.")
        return cls(first, last)

    @classmethod
    def up_to(cls, last: date, count: int) -> Self:
        """`count` days that end with `last`."""
        return cls(last - timedelta(days=count - 1), last)

    @property
    def since(self) -> datetime:
        """The moment the first day begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """The moment the last day is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    @property
    def query(self) -> str:
        """As an address names them."""
        return f"from={self.first}&to={self.last}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("A day is written like 2026-11-24") from None
