"""The audit events of delivery. That events arrived is none: it would have to be delivered in turn."""

from collections.abc import Sequence
from datetime import datetime

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, RetentionClass
from appguard.siem.model import Batch, DestinationName, Rejection

NAMED = 50
"""Rejected entries an event names; all are in the table."""


def rejected(
    destination: DestinationName, batch: Batch, refused: Sequence[Rejection], at: datetime
) -> list[AuditEvent]:
    """One event for a batch. None when all that was refused is such an event itself: it would never end."""
    if all(one.action == Action.SIEM_REJECTED for one in refused):
        return []
    return [
        AuditEvent.of(
            Action.SIEM_REJECTED,
            Actor.system("siem"),
            Resource(type="siem", id=destination),
            at,
            result=Result.FAILURE,
            log=batch.log.value,
            count=len(refused),
            entries=[
                {"index": one.index, "event_id": one.event_id, "code": one.code} for one in refused[:NAMED]
            ],
        )
    ]


def rewound(
    destination: DestinationName, log: RetentionClass, before: int, to: int, by: Actor, at: datetime
) -> AuditEvent:
    """Somebody has entries sent once more."""
    return AuditEvent.of(
        Action.SIEM_REWOUND,
        by,
        Resource(type="siem", id=destination),
        at,
        log=log.value,
        before=before,
        to=to,
    )
