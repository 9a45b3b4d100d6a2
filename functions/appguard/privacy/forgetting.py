"""Forgetting a person: their key goes, the ledger stays as it is and proves what it proved."""

from dataclasses import dataclass
from functools import cache

from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from appguard.kernel.event import AuditEvent, Resource, Role
from appguard.privacy.model import Decision, Verb
from appguard.privacy.settings import PrivacySettings
from appguard.privacy.store import KeyStore, key_store
from appguard.privacy.subject import Subject, subject_of

ACTIONS = {
    Verb.ASK: Action.SUBJECT_FORGETTING_ASKED,
    Verb.FORGET: Action.SUBJECT_FORGOTTEN,
    Verb.HOLD: Action.SUBJECT_HELD,
    Verb.RELEASE: Action.SUBJECT_RELEASED,
}
DECIDES = {Verb.FORGET: Role.DATA_OWNER, Verb.HOLD: Role.SECURITY, Verb.RELEASE: Role.SECURITY}
NAMELESS = "(somebody)"


class OnLegalHold(Conflict):
    """What is known of the person must be kept."""

    code = "legal_hold"
    remediation = "Ask security, who placed the hold, to release it."


@dataclass(frozen=True)
class Forgetting:
    """Each decision is one transaction with an event that does not say whom it is about."""

    store: KeyStore
    outbox: Outbox
    clock: Clock = utc_now

    def decide(self, decision: Decision) -> None:
        """Raises `NotFound` for somebody never seen or forgotten already, `OnLegalHold`, or `Forbidden`."""
        subject = subject_of(decision.subject)
        _nameless(decision.reason, subject)
        if (role := DECIDES.get(decision.verb)) and decision.by.role is not role:
            raise Forbidden(f"This is for the role {role}")
        kept = self.store.kept(subject)
        if kept is None:
            raise NotFound("Nobody of this name was ever seen, or the person was forgotten already")
        if decision.verb is Verb.FORGET and kept.held:
            raise OnLegalHold("What is known of this person is under a legal hold")
        write = {
            Verb.ASK: self.store.ask,
            Verb.FORGET: self.store.forget,
            Verb.HOLD: self.store.hold,
            Verb.RELEASE: self.store.release,
        }[decision.verb]
        about = Resource(type="subject", id=NAMELESS)
        event = AuditEvent.of(
            ACTIONS[decision.verb], decision.by, about, self.clock(), reason=decision.reason
        )
        try:
            self.outbox.commit([write(subject, decision.reason)], event)
        except StaleVersion:
            raise Conflict("Somebody decided about this person meanwhile", "Look again.") from None


def _nameless(reason: str, subject: Subject) -> None:
    """The reason stays in the ledger for years, so it may not say whom it is about."""
    named = {subject, subject.partition("@")[0]}
    if any(name in reason.casefold() for name in named):
        raise Invalid(
            "The reason names the person", "Leave the name out: the reason outlives the forgetting."
        )


@cache
def forgetting() -> Forgetting:
    """Forgetting in this deployment."""
    return Forgetting(key_store(PrivacySettings.from_env()), outbox())
