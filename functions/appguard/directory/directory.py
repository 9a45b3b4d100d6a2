"""Who works here: people as SCIM tells of them, or where it does not, as they last signed in."""

from datetime import datetime
from functools import cache
from typing import Any

from appguard.directory import events
from appguard.directory.errors import Departed
from appguard.directory.model import Colleague, ColleagueId, Key, Name
from appguard.directory.recognising import Candidates, recognise
from appguard.directory.store import DirectoryStore, kept
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person

PORTAL = Actor.system("portal")


class Directory:
    """Answers who somebody is now, and whether they still are; other contexts come in here."""

    def __init__(self, store: DirectoryStore, clock: Clock = utc_now) -> None:
        """Keep people in `store`; `clock` dates the events."""
        self._store, self._clock = store, clock

    def by_email(self, email: str) -> Person | None:
        """The active person with this address, in upper or lower case."""
        return _if_active(self._store.find(Key.of(Name.EMAIL, email)))

    def by_id(self, person_id: PersonId) -> Person | None:
        """The active person with this id."""
        return _if_active(self._of(person_id))

    def active(self, person_id: PersonId) -> bool:
        """Whether somebody may act: everybody but those who are known to have left."""
        found = self._of(person_id)
        return found is None or found.active

    def manager_of(self, person_id: PersonId) -> Person | None:
        """The active person SCIM names as their manager."""
        found = self._of(person_id)
        return _if_active(self._store.get(found.manager)) if found and found.manager else None

    def in_group(self, group: str) -> list[Person]:
        """The active people of a group of this very name, in a stable order."""
        return [one.person for one in self._store.in_group(group) if one.active]

    def may_be_written_to(self, address: str) -> bool:
        """Whether a message may go to this address: to any but one of somebody who left."""
        found = self._store.find(Key.of(Name.EMAIL, address))
        return found is None or found.active

    def meet(self, person: Person) -> Person:
        """Somebody proved who they are: remember them, and say with which groups they come.

        Raises `Departed` for those who left, `AddressOfAnother` where two identities claim one address.
        """
        found = Candidates(
            self._store.find(Key.of(Name.SUBJECT, person.id)),
            self._store.find(Key.of(Name.EXTERNAL_ID, person.id)),
            self._store.find(Key.of(Name.EMAIL, person.email)),
        )
        known, now = recognise(person, found), self._clock()
        after = _met(known, person, now)
        if after != known:
            told = [events.recorded(known, after, PORTAL, now)]
            if found.by_subject is not None and not found.by_subject.active:
                told.append(events.reactivated(after, PORTAL, now))
            self._store.save(known, after, *told, instead_of=found)
        return person.model_copy(update={"groups": after.groups})

    def admit(self, person: Person, since: datetime) -> Person | None:
        """The person of a session begun at `since`, with the groups of today; None where it has ended."""
        known = self._of(person.id)
        if known is None:
            return person
        if not known.active or (known.sessions_since is not None and since <= known.sessions_since):
            return None
        return person.model_copy(update={"groups": known.groups})

    def end_sessions(self, person: Person, by: Actor) -> None:
        """Sign somebody out everywhere: no session begun before now counts any more."""
        if (known := self._of(person.id)) is None:
            raise Departed
        now = self._clock()
        after = known.model_copy(update={"sessions_since": now, "changed_at": now})
        self._store.save(known, after, events.sessions_ended(after, by, now))

    def _of(self, person_id: PersonId) -> Colleague | None:
        """By the `sub` of their tokens, or by our own name for somebody who has not signed in yet."""
        return self._store.find(Key.of(Name.SUBJECT, person_id)) or self._by_own_name(person_id)

    def _by_own_name(self, person_id: PersonId) -> Colleague | None:
        try:
            return self._store.get(ColleagueId(person_id))
        except ValueError:
            return None


def _met(known: Colleague | None, person: Person, now: datetime) -> Colleague:
    """A colleague as a sign-in shows them; of whom SCIM knows it shows the identity and, perhaps, groups."""
    if known is None:
        return Colleague(
            colleague_id=ColleagueId.new(),
            person_id=person.id,
            email=person.email,
            name=person.name,
            groups=person.groups,
            created_at=now,
            changed_at=now,
        )
    news: dict[str, Any] = {"person_id": person.id}
    if known.account is None:
        news |= {"email": person.email, "name": person.name}
    if not known.grouped:
        news |= {"groups": person.groups}
    after = known.model_copy(update=news)
    return after if after == known else after.model_copy(update={"changed_at": now})


def _if_active(found: Colleague | None) -> Person | None:
    return found.person if found and found.active else None


@cache
def directory() -> Directory:
    """The deployment's directory, made on first use."""
    return Directory(kept())
