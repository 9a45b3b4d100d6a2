"""The keys of data subjects, made on first sight and remembered for a while."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol

from appguard.privacy.settings import PrivacySettings
from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey

KEEP_SECONDS = 300.0
MANY = 50_000


class Keys(Protocol):
    """Where keys are kept: `privacy.store.KeyStore`."""

    def find(self, subjects: Sequence[Subject]) -> Mapping[Subject, SubjectKey]:
        """The keys of those that have one."""

    def make(self, subjects: Sequence[Subject]) -> Mapping[Subject, SubjectKey]:
        """A key for each, the one that was there first if somebody else made it meanwhile."""


class SubjectKeys:
    """The keys of many subjects at once. A key deleted meanwhile is used for at most five minutes more."""

    def __init__(self, store: Keys, now: Callable[[], float] = time.monotonic) -> None:
        """Ask `store` for what is not remembered."""
        self._store, self._now = store, now
        self._kept: dict[Subject, tuple[float, SubjectKey]] = {}

    def of(self, subjects: Iterable[Subject]) -> tuple[SubjectKey, ...]:
        """The key of each subject, made if this is the first time that anybody sees them."""
        wanted, now = list(dict.fromkeys(subjects)), self._now()
        known = {one: self._kept[one][1] for one in wanted if self._remembered(one, now)}
        if missing := [one for one in wanted if one not in known]:
            known |= self._learned(missing, now)
        return tuple(known[one] for one in wanted)

    def _remembered(self, subject: Subject, now: float) -> bool:
        return subject in self._kept and self._kept[subject][0] >= now - KEEP_SECONDS

    def _learned(self, missing: Sequence[Subject], now: float) -> dict[Subject, SubjectKey]:
        found = dict(self._store.find(missing))
        if unseen := [one for one in missing if one not in found]:
            found |= self._store.make(unseen)
        if len(self._kept) + len(found) > MANY:
            self._kept.clear()
        self._kept |= {one: (now, key) for one, key in found.items()}
        return found


def known_keys(subjects: Iterable[Subject]) -> tuple[SubjectKey, ...]:
    """The keys of `subjects` in this deployment; an access about nobody costs nothing."""
    some = tuple(subjects)
    return subject_keys().of(some) if some else ()


@cache
def subject_keys() -> SubjectKeys:
    """The keys of this deployment."""
    from appguard.privacy.store import key_store  # noqa: PLC0415 - only accesses to personal data need it

    return SubjectKeys(key_store(PrivacySettings.from_env()))
