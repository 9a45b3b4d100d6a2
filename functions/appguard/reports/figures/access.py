"""Who touched which data through which app, summed; and what was refused."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result
from appguard.kernel.ids import EventId
from appguard.reports.history import Access, History
from appguard.reports.model import AccessLine, AccessTotals, Period, RefusalLine

NEEDS_EXCEPTION = frozenset({"personal", "special"})


def within(history: History, period: Period) -> list[Access]:
    """The accesses of the period."""
    return [one for one in history.accesses if period.holds(one.at)]


def access(accesses: Iterable[Access]) -> tuple[AccessLine, ...]:
    """Accesses by class, app and operation; one that touched several classes counts in each."""
    groups: defaultdict[tuple[str, str, str, str], list[Access]] = defaultdict(list)
    for one in accesses:
        for data_class in one.classes:
            groups[data_class, one.app_id, one.action, one.resource].append(one)
    return tuple(
        AccessLine(
            data_class=data_class,
            app_id=app_id,
            action=action,
            resource=resource,
            accesses=len(found),
            people=len({one.actor for one in found}),
            rows=sum(one.rows for one in found),
        )
        for (data_class, app_id, action, resource), found in sorted(groups.items())
    )


def totals(accesses: Iterable[Access]) -> AccessTotals:
    """The same in sums, with the ids of those that lack what they must name."""
    found = list(accesses)
    exports = [one for one in found if one.action == Action.DATA_EXPORTED]
    sensitive = [one for one in exports if NEEDS_EXCEPTION.intersection(one.classes)]
    return AccessTotals(
        accesses=len(found),
        people=len({one.actor for one in found if one.is_person}),
        nameless=tuple(EventId(one.event_id) for one in found if not one.is_person),
        exports=len(exports),
        exports_to_accept=len(sensitive),
        exports_unaccepted=tuple(EventId(one.event_id) for one in sensitive if not one.exception),
    )


def ended_as(result: Result, story: Iterable[AuditEvent], period: Period) -> Iterator[RefusalLine]:
    """The events of the period that ended so."""
    for event in story:
        if event.result is result and period.holds(event.timestamp):
            yield RefusalLine(
                event_id=event.event_id,
                at=event.timestamp,
                action=event.action,
                actor=event.actor.id,
                app_id=str(event.app_id or ""),
                resource=f"{event.resource.type} {event.resource.id}",
                code=str(event.metadata.get("code", "")),
            )
