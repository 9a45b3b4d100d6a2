"""The life of a micro app. The table is the documentation; what it does not list is refused."""

from collections.abc import Mapping
from enum import StrEnum

from appguard.kernel.errors import Conflict


class State(StrEnum):
    """Where an app stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    ARCHIVED = "archived"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


class Trigger(StrEnum):
    """What happened to it; the audit event is `app.<trigger>`."""

    SUBMITTED = "submitted"
    REFUSED = "refused"
    APPROVED = "approved"
    PUBLISHED = "published"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    RECERTIFIED = "recertified"
    RETIRED = "retired"
    ARCHIVED = "archived"
    QUARANTINED = "quarantined"
    RELEASED = "released"


TRANSITIONS: Mapping[tuple[State, Trigger], State] = {
    (State.DRAFT, Trigger.SUBMITTED): State.IN_REVIEW,
    (State.REFUSED, Trigger.SUBMITTED): State.IN_REVIEW,
    (State.IN_REVIEW, Trigger.APPROVED): State.APPROVED,
    (State.IN_REVIEW, Trigger.REFUSED): State.REFUSED,
    (State.IN_REVIEW, Trigger.EXPIRED): State.REFUSED,
    (State.IN_REVIEW, Trigger.FAILED): State.DRAFT,
    (State.IN_REVIEW, Trigger.WITHDRAWN): State.DRAFT,
    (State.APPROVED, Trigger.PUBLISHED): State.ACTIVE,
    (State.APPROVED, Trigger.FAILED): State.DRAFT,
    # The published version stays up while the next one is reviewed, whatever becomes of that review.
    (State.ACTIVE, Trigger.SUBMITTED): State.ACTIVE,
    (State.ACTIVE, Trigger.APPROVED): State.ACTIVE,
    (State.ACTIVE, Trigger.REFUSED): State.ACTIVE,
    (State.ACTIVE, Trigger.EXPIRED): State.ACTIVE,
    (State.ACTIVE, Trigger.FAILED): State.ACTIVE,
    (State.ACTIVE, Trigger.WITHDRAWN): State.ACTIVE,
    (State.ACTIVE, Trigger.PUBLISHED): State.ACTIVE,
    (State.ACTIVE, Trigger.RECERTIFIED): State.ACTIVE,
    (State.ACTIVE, Trigger.SUSPENDED): State.SUSPENDED,
    (State.SUSPENDED, Trigger.RECERTIFIED): State.ACTIVE,
    (State.ACTIVE, Trigger.QUARANTINED): State.QUARANTINED,
    (State.SUSPENDED, Trigger.QUARANTINED): State.QUARANTINED,
    (State.QUARANTINED, Trigger.RELEASED): State.ACTIVE,
    (State.ACTIVE, Trigger.RETIRED): State.RETIRED,
    (State.SUSPENDED, Trigger.RETIRED): State.RETIRED,
    (State.QUARANTINED, Trigger.RETIRED): State.RETIRED,
    (State.RETIRED, Trigger.ARCHIVED): State.ARCHIVED,
}


class IllegalTransition(Conflict):
    """The app's state does not allow this."""

    code = "illegal_transition"


def after(state: State, trigger: Trigger) -> State:
    """The state after `trigger`; raises `IllegalTransition` naming what is allowed from here."""
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        allowed = sorted(t.value for s, t in TRANSITIONS if s is state)
        raise IllegalTransition(
            f"an app that is {state.value} cannot be {trigger.value}",
            f"From {state.value} an app can be: {', '.join(allowed) or 'nothing, this is its end'}.",
        ) from None
