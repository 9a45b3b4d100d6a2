"""Dates as reports write them: one form everywhere, and always UTC."""

from datetime import UTC, date, datetime, timedelta

from appguard.reports.model import Period

NOTHING = "\N{EN DASH}"
"""What a cell says that has nothing to say."""


def moment(at: datetime) -> str:
    """`2026-03-31 14:05`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def day(at: date | None) -> str:
    """`2026-03-31`, or a dash."""
    return f"{at:%Y-%m-%d}" if at else NOTHING


def span(period: Period) -> str:
    """The period's first and last day, both meant whole: `1 March 2026 to 31 March 2026`."""
    last = period.until - timedelta(microseconds=1)
    return f"{_long(period.since)} to {_long(last)}"


def _long(at: datetime) -> str:
    utc = at.astimezone(UTC)
    clock = f", {utc:%H:%M} UTC" if (utc.hour, utc.minute) not in {(0, 0), (23, 59)} else ""
    return f"{utc.day} {utc:%B %Y}{clock}"
