"""One access to data as the ledger will know it: who, which app, what, how many rows, how it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from appguard.connectors.errors import OutcomeUnknown
from appguard.kernel.actions import Action
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, BundleDigest, EventId
from appguard.kernel.person import Person
from appguard.privacy.tags import SubjectKey

READ, WRITTEN, EXPORTED = Action.DATA_READ, Action.DATA_WRITE, Action.DATA_EXPORTED
CONTINUED = Action.SUBJECTS_CONTINUED
SUBJECTS_AN_ENTRY = 500
"""An entry holds 24 KiB; these take 13 of them. Further subjects follow in entries of their own."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SERVER_ERROR = 500


@dataclass
class Access:
    """Filled in as the broker learns more, so that a refusal names what was known by then."""

    action: Action
    connector: str
    operation: str
    app_id: AppId | None = None
    bundle_digest: BundleDigest | None = None
    person: Person | None = None
    entry: EventId = field(default_factory=EventId.new)
    """Under which a success will be recorded: known before, so that an exported file can name it."""
    recorded: EventId | None = None
    facts: dict[str, JsonValue] = field(default_factory=dict)
    subjects: Sequence[SubjectKey] = ()

    def granted(self, at: datetime) -> list[AuditEvent]:
        """The event of an access that succeeds, and those that name the rest of its subjects."""
        first, *more = self._events(at, Result.SUCCESS, {})
        self.recorded = first.event_id
        return [first, *more]

    def refused(self, at: datetime, error: AppGuardError) -> list[AuditEvent]:
        """The events of an access that does not. They retract a success already recorded, or doubt it."""
        ending: dict[str, JsonValue] = {"code": error.code}
        if self.recorded:
            ending["doubts" if isinstance(error, OutcomeUnknown) else "retracts"] = self.recorded
        result = Result.DENIED if error.status < _SERVER_ERROR else Result.FAILURE
        return self._events(at, result, ending)

    def _events(self, at: datetime, result: Result, ending: dict[str, JsonValue]) -> list[AuditEvent]:
        """One event for every so many subjects; the later ones name the first, and say the same as it."""
        tags: list[JsonValue] = [key.tag(at) for key in self.subjects]
        first, *more = [tags[n : n + SUBJECTS_AN_ENTRY] for n in range(0, len(tags) or 1, SUBJECTS_AN_ENTRY)]
        event = self._event(self.action, at, result, {**ending, **({"subjects": first} if first else {})})
        continued: dict[str, JsonValue] = {**ending, "continues": event.event_id, "of": self.action}
        return [
            event,
            *(self._event(CONTINUED, at, result, {**continued, "subjects": some}) for some in more),
        ]

    def _event(
        self, action: Action, at: datetime, result: Result, ending: dict[str, JsonValue]
    ) -> AuditEvent:
        kind = "command" if self.action == WRITTEN else "query"
        named = {"connector": _safe(self.connector), kind: _safe(self.operation)}
        metadata: Any = {**named, **self.facts, **ending}
        return AuditEvent.of(
            action,
            self._actor(),
            Resource(type=kind, id="/".join(named.values())),
            at,
            event_id=self.entry if action == self.action and result is Result.SUCCESS else None,
            result=result,
            app_id=self.app_id,
            bundle_digest=self.bundle_digest,
            **metadata,
        )

    def _actor(self) -> Actor:
        """The person if verified, else the app, else nobody."""
        if self.person:
            return self.person.acting_as(Role.EMPLOYEE)
        return Actor(id=self.app_id or "unknown", role=Role.APP)


def _safe(name: str) -> str:
    """A name out of a URL, unless it is something else altogether: the ledger takes no caller's prose."""
    return name if _NAME.fullmatch(name) else "(malformed)"
