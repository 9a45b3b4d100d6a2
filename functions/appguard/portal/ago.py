"""How long ago something was, as people say it."""

from datetime import datetime, timedelta

STEPS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def ago(at: datetime, now: datetime) -> str:
    """In the largest whole unit.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> ago(noon - timedelta(minutes=2, seconds=40), noon), ago(noon, noon)
    ('2 minutes ago', 'just now')
    """
    for length, name in STEPS:
        if number := (now - at) // length:
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"
