"""One access to data as the ledger will know it: who, which app, what, how many rows, how it ended."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from appguard.connectors.errors import OutcomeUnknown
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import AppId, EventId
from appguard.kernel.person import Person

READ, WRITTEN, EXPORTED = "data.read", "data.write", "data.exported"

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_SERVER_ERROR = 500


@dataclass
class Access:
    """Filled in as the broker learns more, so that a refusal names what was known by then."""

    action: str
    connector: str
    operation: str
    app_id: AppId | None = None
    person: Person | None = None
    entry: EventId = field(default_factory=EventId.new)
    """Under which a success will be recorded: known before, so that an exported file can name it."""
    recorded: EventId | None = None
    facts: dict[str, JsonValue] = field(default_factory=dict)

    def granted(self, at: datetime) -> AuditEvent:
        """The event of an access that succeeds."""
        event = self._event(at, Result.SUCCESS, {})
        self.recorded = event.event_id
        return event

    def refused(self, at: datetime, error: AppGuardError) -> AuditEvent:
        """The event of an access that does not. It retracts a success already recorded, or doubts it."""
        ending: dict[str, JsonValue] = {"code": error.code}
        if self.recorded:
            ending["doubts" if isinstance(error, OutcomeUnknown) else "retracts"] = self.recorded
        result = Result.DENIED if error.status < _SERVER_ERROR else Result.FAILURE
        return self._event(at, result, ending)

    def _event(self, at: datetime, result: Result, ending: dict[str, JsonValue]) -> AuditEvent:
        kind = "command" if self.action == WRITTEN else "query"
        named = {"connector": _safe(self.connector), kind: _safe(self.operation)}
        metadata: Any = {**named, **self.facts, **ending}
        return AuditEvent.of(
            self.action,
            self._actor(),
            Resource(type=kind, id="/".join(named.values())),
            at,
            event_id=self.entry if result is Result.SUCCESS else None,
            result=result,
            app_id=self.app_id,
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
