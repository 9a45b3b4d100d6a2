"""The audit events of approvals: facts, never the words people wrote."""

from datetime import datetime

from pydantic import JsonValue

from appguard.approvals.model import ApprovalBase
from appguard.approvals.seats import missing, places, taken
from appguard.kernel.actions import Action
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId

SPOKEN = ("endorsed", "decided")


def event(
    fact: str,
    approval: ApprovalBase,
    by: Actor,
    at: datetime,
    *,
    event_id: EventId | None = None,
    denied: AppGuardError | None = None,
) -> AuditEvent:
    """`approval.<fact>`, with what every event of an approval names: its seats, and who sits there."""
    made = AuditEvent.of(
        Action(f"approval.{fact}"),
        by,
        Resource(type="approval", id=approval.approval_id),
        at,
        event_id=event_id,
        result=Result.DENIED if denied else Result.SUCCESS,
        app_id=approval.app_id,
        bundle_digest=approval.bundle_digest,
    )
    facts: dict[str, JsonValue] = {
        "approval_id": approval.approval_id,
        "review_id": str(approval.review_id),
        "execution": approval.execution,
        "tier": approval.tier.value,
        "evidence_digest": approval.evidence_digest,
        "policy": approval.policy,
        "seats": _sitting(approval),
        "waits_for": [role.value for role in missing(approval.seats, approval.voices)],
    }
    if denied:
        facts["code"] = denied.code
    if fact in SPOKEN:
        said = approval.voices[-1]
        facts |= {"verdict": said.verdict.value, "on_behalf_of": said.on_behalf_of and str(said.on_behalf_of)}
    return made.model_copy(update={"metadata": facts})


def ended_once(approval: ApprovalBase) -> EventId:
    """One end for one approval: two deciders, or a decision and a closing, name the same event."""
    return EventId.of(approval.approval_id, "ended")


def spoken_once(approval: ApprovalBase, by: str) -> EventId:
    """One person's yes to one approval, however often it is sent."""
    return EventId.of(approval.approval_id, "voice", by)


def _sitting(approval: ApprovalBase) -> list[JsonValue]:
    sitting = taken(approval.seats, approval.voices)
    return [
        {"seat": role.value, "by": str(sitting[place].by) if place in sitting else None}
        for place, role in enumerate(places(approval.seats))
    ]
