"""What the ledger learns of people at the portal's door: who came, as what, who went, who was turned away."""

from collections.abc import Collection
from datetime import UTC, datetime

from pydantic import JsonValue

from appguard.kernel.actions import Action
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import EventId
from appguard.kernel.person import Person

UNKNOWN = Actor(id="unknown", role=Role.EMPLOYEE)


def signed_in(
    person: Person, roles: Collection[Role], at: datetime, once: datetime | None = None
) -> AuditEvent:
    """Somebody came in, with these roles; `once` is when a token was issued that comes with each request."""
    return AuditEvent.of(
        Action.PERSON_SIGNED_IN,
        _actor(person, roles),
        _about(person),
        at,
        event_id=EventId.of(Action.PERSON_SIGNED_IN, person.id, once.isoformat()) if once else None,
        roles=_names(roles),
    )


def roles_changed(
    person: Person, before: Collection[str], roles: Collection[Role], at: datetime
) -> AuditEvent:
    """Since the last sign-in the identity provider, or the role map, gave or took a role."""
    return AuditEvent.of(
        Action.PERSON_ROLES_CHANGED,
        Actor.system("portal"),
        _about(person),
        at,
        given=_names(set(roles) - set(before)),
        taken=_names(set(before) - set(roles)),
    )


def signed_out(person: Person, roles: Collection[Role], at: datetime) -> AuditEvent:
    """Somebody left."""
    return AuditEvent.of(Action.PERSON_SIGNED_OUT, _actor(person, roles), _about(person), at)


def sign_in_failed(error: AppGuardError, at: datetime) -> AuditEvent:
    """Nobody came in. Anybody can fail to, so the same failure counts once a minute and floods no ledger."""
    return AuditEvent.of(
        Action.PERSON_SIGN_IN_FAILED,
        UNKNOWN,
        Resource(type="page", id="/callback"),
        at,
        event_id=EventId.of(Action.PERSON_SIGN_IN_FAILED, error.message, _minute(at)),
        result=Result.DENIED,
        reason=error.message,
    )


def access_denied(
    person: Person, roles: Collection[Role], page: str, error: AppGuardError, at: datetime
) -> AuditEvent:
    """A signed-in person was refused `page`, the pattern of an address; once a minute for the same page."""
    return AuditEvent.of(
        Action.ACCESS_DENIED,
        _actor(person, roles),
        Resource(type="page", id=page),
        at,
        event_id=EventId.of(Action.ACCESS_DENIED, person.id, page, error.code, _minute(at)),
        result=Result.DENIED,
        code=error.code,
        roles=_names(roles),
    )


def _actor(person: Person, roles: Collection[Role]) -> Actor:
    return person.acting_as(min(roles, default=Role.EMPLOYEE))


def _about(person: Person) -> Resource:
    return Resource(type="person", id=person.id)


def _names(roles: Collection[str]) -> list[JsonValue]:
    return [*sorted(str(role) for role in roles)]


def _minute(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
