"""Who saw a person's data: the answer to a data subject's request (GDPR, Article 15), from the ledger."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from appguard.audit.by_subject import Found
from appguard.kernel.event import AuditEvent, Result
from appguard.kernel.ids import BundleDigest
from appguard.privacy.model import Period, Sighting
from appguard.privacy.tags import SubjectKey

RETRACTED_WITHIN = timedelta(hours=1)
"""A success that did not come about is retracted within the same call."""

Find = Callable[[Collection[str], datetime | None, datetime | None], Iterator[Found]]


@dataclass(frozen=True)
class WhoSaw:
    """Answers from `find`; `purpose` says what a version of an app is for."""

    find: Find
    purpose: Callable[[BundleDigest | None], str]

    def sightings(self, key: SubjectKey, period: Period, now: datetime) -> list[Sighting]:
        """Every access to the data of the key's person, oldest first."""
        until = min(period.end or now, now) + RETRACTED_WITHIN
        tags = list(key.tags(period.start, until))
        found = [each for each in self.find(tags, period.start, until) if _of(each.event, period)]
        seen = [self._sighting(each, doubted) for each, doubted in _took_place(found)]
        return sorted(
            (each for each in seen if period.end is None or each.at < period.end),
            key=lambda each: (each.at, each.event_id),
        )

    def _sighting(self, found: Found, doubted: bool) -> Sighting:
        event, facts = found.event, found.event.metadata
        rows, classes = facts.get("rows"), facts.get("classes")
        return Sighting(
            at=event.timestamp,
            action=str(facts.get("of", event.action)),
            actor=event.actor.id,
            app_id=event.app_id,
            bundle_digest=event.bundle_digest,
            purpose=str(facts.get("purpose") or self.purpose(event.bundle_digest)),
            connector=str(facts.get("connector", "")),
            operation=str(facts.get("query") or facts.get("command") or ""),
            classes=tuple(map(str, classes)) if isinstance(classes, list) else (),
            rows=rows if isinstance(rows, int) else None,
            doubted=doubted,
            event_id=event.event_id,
            log=found.entry.log if found.entry else None,
            index=found.entry.index if found.entry else None,
        )


def _of(event: AuditEvent, period: Period) -> bool:
    return period.connector in (None, event.metadata.get("connector"))


def _took_place(found: Iterable[Found]) -> Iterator[tuple[Found, bool]]:
    """The accesses that succeeded and were not taken back, and whether they are in doubt."""
    every = list(found)
    retracted, doubted = ({_named(each.event, word) for each in every} for word in ("retracts", "doubts"))
    for each in every:
        access = _named(each.event, "continues") or each.event.event_id
        if each.event.result is Result.SUCCESS and access not in retracted:
            yield each, access in doubted


def _named(event: AuditEvent, word: str) -> Any:
    return event.metadata.get(word)
