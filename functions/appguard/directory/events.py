"""What the ledger learns of people coming and going."""

from collections.abc import Collection
from datetime import UTC, datetime

from pydantic import JsonValue

from appguard.directory.errors import TokenRefused
from appguard.directory.model import Colleague, Group
from appguard.directory.settings import ROOT
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import EventId

NAMES_TOLD = 50
UNKNOWN = Actor(id="unknown", role=Role.SYSTEM)


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


def group_recorded(group: Group, by: Actor, at: datetime) -> AuditEvent:
    """A group became known, or got another name."""
    return _of_group(Action.GROUP_RECORDED, group, by, at, {"name": group.name})


def group_removed(group: Group, by: Actor, at: datetime) -> AuditEvent:
    """A group is no more."""
    return _of_group(Action.GROUP_REMOVED, group, by, at, {"name": group.name})


def token_refused(at: datetime) -> AuditEvent:
    """Somebody spoke SCIM without the token; once a minute, or anybody could fill the ledger."""
    minute = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return AuditEvent.of(
        Action.ACCESS_DENIED,
        UNKNOWN,
        Resource(type="page", id=ROOT),
        at,
        event_id=EventId.of(Action.ACCESS_DENIED, ROOT, minute),
        result=Result.DENIED,
        code=TokenRefused.code,
    )


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


def _of_group(
    action: Action, group: Group, by: Actor, at: datetime, facts: dict[str, JsonValue]
) -> AuditEvent:
    event = AuditEvent.of(action, by, Resource(type="group", id=group.group_id), at)
    return event.model_copy(update={"metadata": facts})


def _some(names: Collection[str]) -> list[JsonValue]:
    return [*sorted(names)[:NAMES_TOLD]]
