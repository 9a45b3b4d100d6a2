"""A decision somebody tried in Slack who is nobody here: an entry of the ledger, one for each of them."""

from datetime import datetime

from appguard.approvals.approvals import approvals
from appguard.approvals.channels.slack.payload import Interaction
from appguard.approvals.events import event
from appguard.approvals.model import ApprovalBase
from appguard.audit.outbox import outbox
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Role
from appguard.kernel.ids import EventId


def denied(approval: ApprovalBase, by: Interaction, problem: AppGuardError, at: datetime) -> AuditEvent:
    """That a user of Slack, whom only their ids name, was refused; trying again adds nothing."""
    user = f"slack:{by.user.team_id}/{by.user.id}"
    return event(
        "denied",
        approval,
        Actor(id=user, role=Role.EMPLOYEE),
        at,
        event_id=EventId.of(approval.approval_id, user, problem.code),
        denied=problem,
    )


def note_denied(approval_id: str, by: Interaction, problem: AppGuardError) -> None:
    """Record it."""
    outbox().record(denied(approvals().open(approval_id).approval, by, problem, utc_now()))
