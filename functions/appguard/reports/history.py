"""The ledger's entries up to a moment, small enough to hold: what happened, and each access to data.

The time machine is here: whatever is computed from a history knows nothing of what came later.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from operator import attrgetter
from sys import intern
from typing import Any

from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result, Role

ACCESSES = frozenset({Action.DATA_READ, Action.DATA_WRITE, Action.DATA_EXPORTED})
UNCLASSIFIED = ("unclassified",)
PEOPLE = frozenset(Role) - {Role.APP, Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Access:
    """One access to data that took place."""

    event_id: str
    at: datetime
    actor: str
    is_person: bool
    app_id: str
    action: str
    resource: str
    classes: tuple[str, ...]
    rows: int
    exception: str

    @classmethod
    def of(cls, event: AuditEvent) -> "Access":
        """The access that a successful event of `ACCESSES` reports."""
        about: dict[str, Any] = event.metadata
        return cls(
            event_id=event.event_id,
            at=event.timestamp,
            actor=intern(event.actor.id),
            is_person=event.actor.role in PEOPLE,
            app_id=intern(str(event.app_id or "")),
            action=intern(event.action),
            resource=intern(event.resource.id),
            classes=tuple(intern(str(one)) for one in about.get("classes") or UNCLASSIFIED),
            rows=number(about.get("rows")),
            exception=str(about.get("exception", "")),
        )


@dataclass
class History:
    """`story` is every event but daily signs of use and accesses that took place; both by time."""

    until: datetime
    entries: int = 0
    story: list[AuditEvent] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    last_used: dict[str, date] = field(default_factory=dict)
    per_day: defaultdict[date, Counter[Result]] = field(default_factory=lambda: defaultdict(Counter))


def read(events: Iterable[AuditEvent], until: datetime) -> History:
    """The history of the events before `until`, in whatever order they come."""
    history, retracted = History(until), set()
    for event in events:
        if event.timestamp >= until:
            continue
        history.entries += 1
        history.per_day[event.timestamp.astimezone(UTC).date()][event.result] += 1
        if event.action == Action.APP_USED:
            _used(history, event)
        elif event.action in ACCESSES and event.result is Result.SUCCESS:
            history.accesses.append(Access.of(event))
        else:
            history.story.append(event)
            retracted.add(event.metadata.get("retracts"))
    history.accesses = [one for one in history.accesses if one.event_id not in retracted]
    history.accesses.sort(key=attrgetter("at", "event_id"))
    history.story.sort(key=attrgetter("timestamp", "event_id"))
    return history


def _used(history: History, event: AuditEvent) -> None:
    app, day = str(event.app_id), event.timestamp.astimezone(UTC).date()
    history.last_used[app] = max(day, history.last_used.get(app, day))


def number(value: object) -> int:
    """A count as metadata holds it; 0 where it holds none."""
    return int(value) if isinstance(value, int | float) else 0
