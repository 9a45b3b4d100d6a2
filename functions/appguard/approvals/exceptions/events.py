"""The audit events of exceptions: facts, never the words people wrote."""

from datetime import datetime
from typing import Any

from appguard.approvals.exceptions.model import ExceptionRecord
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId


def event(
    fact: str,
    record: ExceptionRecord,
    by: Actor,
    at: datetime,
    *,
    once: str = "",
    result: Result = Result.SUCCESS,
) -> AuditEvent:
    """`exception.<fact>`; with `once` the same fact about the same record is one event."""
    about: Any = record.about.facts
    return AuditEvent.of(
        Action(f"exception.{fact}"),
        by,
        Resource(type="exception", id=record.exception_id),
        at,
        event_id=EventId.of("exception", fact, record.exception_id, once) if once else None,
        result=result,
        app_id=record.app_id,
        bundle_digest=record.bundle_digest,
        approval_id=record.approval_id,
        kind=record.about.kind,
        tier=record.tier.value,
        approved_by=str(record.approved_by),
        expires_at=record.expires_at.isoformat(),
        **about,
    )
