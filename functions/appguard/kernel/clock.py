"""Time is an argument, so that tests and replays choose it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current instant in UTC, with microseconds."""
    return datetime.now(UTC)
