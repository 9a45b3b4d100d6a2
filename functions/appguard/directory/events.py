"""What the ledger learns of people coming and going."""

from collections.abc import Collection
from datetime import datetime

from pydantic import JsonValue

from appguard.directory.model import Colleague
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource

NAMES_TOLD = 50


def recorded(before: Colleague | None, after: Colleague, by: Actor, at: datetime) -> AuditEvent:
    """Somebody became known, or something about them changed: which fields, and which groups."""
    groups = before.groups if before else frozenset()
    return _about(
        Action.PERSON_RECORDED,
        after,
        by,
        at,
        changed=changes(before, after),
        given=_some(after.groups - groups),
        taken=_some(groups - after.groups),
    )


def deactivated(after: Colleague, by: Actor, at: datetime) -> AuditEvent:
    """Somebody left: their sessions end with this entry, and nobody writes to them any more."""
    return _about(Action.PERSON_DEACTIVATED, after, by, at)


def reactivated(after: Colleague, by: Actor, at: datetime) -> AuditEvent:
    """Somebody is back."""
    return _about(Action.PERSON_REACTIVATED, after, by, at)


def sessions_ended(after: Colleague, by: Actor, at: datetime) -> AuditEvent:
    """Somebody signed out everywhere."""
    return _about(Action.PERSON_SESSIONS_ENDED, after, by, at)


def changes(before: Colleague | None, after: Colleague) -> list[JsonValue]:
    """The names of the fields that differ; their values are nobody's business."""
    told = ("person_id", "email", "name", "account", "groups", "manager")
    if before is None:
        return [*told[:3]] if after.account is None else [*told[1:4]]
    return [field for field in told if getattr(before, field) != getattr(after, field)]


def _about(
    action: Action, colleague: Colleague, by: Actor, at: datetime, **metadata: JsonValue
) -> AuditEvent:
    event = AuditEvent.of(action, by, Resource(type="person", id=colleague.person.id), at)
    return event.model_copy(update={"metadata": metadata})


def _some(names: Collection[str]) -> list[JsonValue]:
    return [*sorted(names)[:NAMES_TOLD]]
