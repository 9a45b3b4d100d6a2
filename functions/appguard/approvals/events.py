"""The audit events of approvals."""

from datetime import datetime

from pydantic import JsonValue

from appguard.approvals.model import ApprovalBase
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId


def event(
    fact: str,
    approval: ApprovalBase,
    by: Actor,
    at: datetime,
    *,
    event_id: EventId | None = None,
    result: Result = Result.SUCCESS,
    **facts: str,
) -> AuditEvent:
    """`approval.<fact>`, with what every event of an approval names."""
    made = AuditEvent.of(
        Action(f"approval.{fact}"),
        by,
        Resource(type="approval", id=approval.approval_id),
        at,
        event_id=event_id,
        result=result,
        app_id=approval.app_id,
        bundle_digest=approval.bundle_digest,
    )
    known: dict[str, JsonValue] = {
        "approval_id": approval.approval_id,
        "review_id": str(approval.review_id),
        "tier": approval.tier.value,
        "evidence_digest": approval.evidence_digest,
    }
    return made.model_copy(update={"metadata": {**known, **facts}})


def ended_once(approval: ApprovalBase) -> EventId:
    """One end for one approval: two deciders, or a decision and a closing, name the same event."""
    return EventId.of(approval.approval_id, "ended")
