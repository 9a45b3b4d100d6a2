"""What may become an entry: an event in its one canonical form, filed under its own id.

Whoever may append to the outbox may put anything there. One row that nobody could read back, or that
no bundle can hold, would otherwise stand in the way of every event behind it.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError

from appguard.audit.canonical import MAX_EVENT_BYTES, is_canonical
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId

SEQUENCER = Actor.system("appguard-audit-sequence")


class Reason(StrEnum):
    """Why something is no entry."""

    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    NOT_CANONICAL = "not_canonical"
    UNDER_ANOTHER_ID = "under_another_id"
    NEVER_RECORDED = "never_recorded"


class Rejected(Exception):
    """Something that cannot become an entry, however often it is tried."""

    def __init__(self, name: str, content: bytes, reason: Reason) -> None:
        """`name` is what the thing is called where it lies; of `content` only digest and size are kept."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.digest = hashlib.sha256(content).hexdigest()
        self.size = len(content)
        self.reason = reason

    def event(self, at: datetime) -> AuditEvent:
        """The entry that says so. Never the content: it may be what somebody wanted to smuggle in."""
        return AuditEvent.of(
            Action.LEDGER_REJECTED,
            SEQUENCER,
            Resource(type="message", id=f"sha256:{self.digest}"),
            at,
            event_id=EventId.of(Action.LEDGER_REJECTED, self.name, self.digest),
            result=Result.FAILURE,
            digest=self.digest,
            size=self.size,
            reason=self.reason.value,
        )


def admit(name: str, body: bytes) -> AuditEvent:
    """The event whose canonical form lies under `name`; raises `Rejected`."""
    if len(body) > MAX_EVENT_BYTES:
        raise Rejected(name, body, Reason.TOO_LARGE)
    try:
        event = AuditEvent.model_validate_json(body)
    except ValidationError:
        raise Rejected(name, body, Reason.UNREADABLE) from None
    if not is_canonical(body):
        raise Rejected(name, body, Reason.NOT_CANONICAL)
    if event.event_id != name:
        raise Rejected(name, body, Reason.UNDER_ANOTHER_ID)
    return event
