"""Entries of a ledger without a ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from appguard.audit.canonical import canonical
from appguard.audit.reader import Entry
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, RetentionClass, Role
from appguard.kernel.ids import AppId, BundleDigest, EventId

ANA, APP = Actor(id="ana", role=Role.REQUESTER), Resource(type="app", id="leave-request")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(
    index: int = 0,
    action: Action = Action.APP_CREATED,
    *,
    actor: Actor = ANA,
    resource: Resource = APP,
    result: Result = Result.SUCCESS,
    log: RetentionClass = RetentionClass.THREE_YEARS,
    at: datetime = AT,
    **metadata: Any,
) -> Entry:
    """The entry at `index`; equal numbers give equal ids."""
    event = AuditEvent.of(
        action,
        actor,
        resource,
        at + timedelta(seconds=index),
        event_id=EventId.of("entry", log, str(index)),
        result=result,
        app_id=AppId("leave-request"),
        bundle_digest=BundleDigest("sha256:" + "a" * 64),
        retention_class=log,
        **metadata,
    )
    return Entry(log, index, canonical(event))
