"""How things stand, from the latest entry of each: read out of the ledger, not out of the catalog."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from appguard.audit.search.fact import Fact, Per, microseconds
from appguard.audit.search.filters import Filters
from appguard.audit.search.place import Cursor
from appguard.kernel.event import Result
from appguard.secrets.policy import SecretKind, SecretPolicy

GONE_AFTER = timedelta(days=90)
"""An owner who left no entry for so long is taken for gone."""
KINDS = {
    "appguard/apps/": SecretKind.SESSION_KEY,
    "appguard/logins/": SecretKind.DATABASE_LOGIN,
    "appguard/administrators/": SecretKind.ADMINISTRATOR,
}


class Latest(Protocol):
    """Finds the latest hit of each resource or actor."""

    def __call__(self, filters: Filters, per: Per) -> list[Fact]:
        """Their facts, in no order."""
        ...


Standing = Callable[[Latest, datetime], list[Fact]]


def exceptions_open(latest: Latest, now: datetime) -> list[Fact]:
    """Exceptions that hold, the one that ends first standing first."""
    granted = _now(latest, "exception.", "exception.granted")
    return sorted((fact for fact in granted if fact.until > microseconds(now)), key=_end)


def exceptions_expired(latest: Latest, now: datetime) -> list[Fact]:
    """Exceptions whose day has passed, whether or not a sweep has come by; the longest over stands first."""
    ended = _now(latest, "exception.", "exception.granted", "exception.expired")
    return sorted((fact for fact in ended if fact.until <= microseconds(now)), key=_end)


def secrets_late(latest: Latest, now: datetime, policy: SecretPolicy) -> list[Fact]:
    """Secrets not replaced within the age their policy calls too old, the oldest first."""

    def late(fact: Fact) -> bool:
        kind = next((kind for prefix, kind in KINDS.items() if fact.resource.startswith(prefix)), None)
        return kind is not None and fact.micros <= microseconds(now - policy.ages[kind].alarm_after)

    kept = _now(latest, "secret.", "secret.registered", "secret.rotated")
    return sorted(fact for fact in kept if late(fact))


def apps_unowned(latest: Latest, now: datetime) -> list[Fact]:
    """The making of each app in use whose owner left no entry for 90 days, the oldest first."""
    ended = {fact.app for fact in latest(Filters(action=("app.retired", "app.archived")), "resource")}
    used = {fact.app for fact in latest(Filters(action=("app.published",)), "resource")} - ended
    seen = {fact.actor for fact in latest(Filters(since=now - GONE_AFTER), "actor")}
    made = latest(Filters(action=("app.created",), result=Result.SUCCESS), "resource")
    return sorted(fact for fact in made if fact.app in used and fact.actor not in seen)


def _now(latest: Latest, beginning: str, *states: str) -> list[Fact]:
    """The last thing that succeeded with each resource, if it was one of these."""
    found = latest(Filters(action=(beginning,), result=Result.SUCCESS), "resource")
    return [fact for fact in found if fact.action in states]


def _end(fact: Fact) -> tuple[int, Cursor]:
    return fact.until, fact.place
