"""Telling people again that something waits for them: one reminder and one escalation, never more.

When is found in an index; that it happened stands in the approval, so whoever comes twice finds it done.
The event goes to the bus, and from there the messages go out.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from appguard.approvals.events import event
from appguard.approvals.model import Waiting
from appguard.approvals.policy import ApprovalPolicy, approval_policy
from appguard.approvals.settings import ApprovalSettings
from appguard.approvals.store import ApprovalStore
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import Actor
from appguard.kernel.ids import EventId

SYSTEM = Actor.system("approvals")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminders:
    """What is due of all that waits. Safe to run twice, late, or beside itself."""

    store: ApprovalStore
    policy: ApprovalPolicy

    def run(self, now: datetime) -> list[str]:
        """Nudge what was due at `now`; the approvals people were told of again."""
        return [each for each in self.store.due(now) if self._nudge(each, now)]

    def _nudge(self, approval: str, now: datetime) -> bool:
        """Remind, or escalate; whoever speaks at this very moment leaves it to the next run."""
        waiting = self.store.find(approval)
        if not isinstance(waiting, Waiting) or waiting.expired(now):
            return False
        if waiting.nudge_at is None or waiting.nudge_at > now:
            return False
        fact, told = nudged(waiting, self.policy, now)
        once = EventId.of(waiting.approval_id, fact)
        try:
            return self.store.keep(told, event(fact, told, SYSTEM, now, event_id=once))
        except StaleVersion:
            logger.info("left for the next run", extra={"approval": approval})
            return False


def nudged(waiting: Waiting, policy: ApprovalPolicy, now: datetime) -> tuple[str, Waiting]:
    """What happens when its time has come, and the approval after it: reminded first, then escalated."""
    if waiting.reminded_at is None:
        following = waiting.asked_at + policy.escalate_after
        return "reminded", waiting.model_copy(update={"reminded_at": now, "nudge_at": following})
    return "escalated", waiting.model_copy(update={"escalated_at": now, "nudge_at": None})


@cache
def reminders() -> Reminders:
    """The deployment's reminders, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    store = ApprovalStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    return Reminders(store, approval_policy())
