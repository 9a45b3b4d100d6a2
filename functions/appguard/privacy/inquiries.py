"""Inquiries about a person: answered, and recorded themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from appguard.apps.catalog import catalog
from appguard.audit.by_subject import by_subject
from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import NotFound, TooLarge
from appguard.kernel.event import AuditEvent, Resource
from appguard.kernel.ids import BundleDigest
from appguard.privacy.model import Answer, Inquiry, Key
from appguard.privacy.settings import PrivacySettings
from appguard.privacy.store import Kept, KeyStore, key_store
from appguard.privacy.subject import subject_of
from appguard.privacy.who_saw import WhoSaw

MOST = 5_000
NOBODY = "unknown"


@dataclass(frozen=True)
class Inquiries:
    """Answers who saw a person's data; nobody learns it unrecorded."""

    store: KeyStore
    who_saw: Callable[[], WhoSaw]
    outbox: Outbox
    clock: Clock = utc_now

    def answer(self, inquiry: Inquiry) -> Answer:
        """Raises `TooLarge` for more accesses than one answer takes."""
        now = self.clock()
        kept = self.store.kept(subject_of(inquiry.subject))
        answer = self._answer(inquiry, kept) if kept else Answer(known_since=None)
        event = AuditEvent.of(
            Action.SUBJECT_ASKED_ABOUT,
            inquiry.by,
            Resource(type="subject", id=kept.key.tag(now) if kept else NOBODY),
            now,
            accesses=len(answer.sightings),
            key_handed_out=answer.key is not None,
        )
        self.outbox.record(event)
        return answer

    def _answer(self, inquiry: Inquiry, kept: Kept) -> Answer:
        sightings = self.who_saw().sightings(kept.key, inquiry.period, self.clock())
        if len(sightings) > MOST:
            raise TooLarge(f"there are more than {MOST} accesses", "Ask for a shorter period.")
        key = Key(subject=kept.key.subject, secret=kept.key.secret.hex(), since=kept.key.since)
        return Answer(
            known_since=kept.key.since,
            sightings=tuple(sightings),
            held=kept.held,
            asked_to_forget=kept.asked,
            key=key if inquiry.with_key else None,
        )


@cache
def purpose(version: BundleDigest | None) -> str:
    """What this version says it is for, in its manifest; nothing if it is no longer kept."""
    if version is None:
        return ""
    try:
        return catalog().bundle(version).manifest().intent.purpose
    except NotFound:
        return ""


@cache
def inquiries() -> Inquiries:
    """Inquiries in this deployment."""
    return Inquiries(
        key_store(PrivacySettings.from_env()), lambda: WhoSaw(by_subject().find, purpose), outbox()
    )
