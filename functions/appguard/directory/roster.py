"""What the company's directory may change: people come, change and leave."""

from datetime import datetime
from typing import Any

from appguard.directory import events
from appguard.directory.errors import NameTaken
from appguard.directory.model import Account, Colleague, ColleagueId, Key, Name
from appguard.directory.store import DirectoryStore
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent
from appguard.kernel.record import Record

SCIM = Actor.system("scim")


class Said(Record):
    """All the company's directory says of somebody that we keep, but for groups."""

    account: Account
    email: str
    name: str
    active: bool = True
    manager: ColleagueId | None = None


class Roster:
    """People as SCIM tells of them. Each change is one transaction with what the ledger should know."""

    def __init__(self, store: DirectoryStore, clock: Clock = utc_now) -> None:
        """Change people in `store`; `clock` dates the events."""
        self._store, self._clock = store, clock

    def enrol(self, said: Said) -> Colleague:
        """Somebody SCIM has not told of before, perhaps known from their sign-ins; raises `NameTaken`."""
        had = self._holders(said)
        if any(one.account for one in had.values()):
            raise NameTaken("somebody else has this user name, address or external id")
        now = self._clock()
        known = self._from_sign_ins(said)
        before = known or Colleague(
            colleague_id=ColleagueId.new(), email=said.email, name=said.name, created_at=now, changed_at=now
        )
        after = _as_said(before, said, now)
        told = [events.recorded(known, after, SCIM, now), *_came_or_went(before, after, now)]
        return self._store.save(known, after, *told, instead_of=had.values())

    def change(self, before: Colleague, said: Said) -> Colleague:
        """Somebody as they are said to be now; raises `NameTaken`. Who becomes inactive has left."""
        others = [one for one in self._holders(said).values() if one.ident != before.ident]
        if any(one.account for one in others):
            raise NameTaken("somebody else has this user name, address or external id")
        now = self._clock()
        after = _as_said(before, said, now)
        told = _came_or_went(before, after, now)
        if events.changes(before, after):
            told = [events.recorded(before, after, SCIM, now), *told]
        return self._store.save(before, after, *told, instead_of=others) if told else before

    def remove(self, before: Colleague) -> None:
        """Somebody is no more in the company's directory: kept is that they left, and nothing else."""
        now = self._clock()
        left = before.model_copy(update={"active": False})
        gone = left.model_copy(
            update={
                "account": None,
                "email": "",
                "name": "",
                "groups": frozenset(),
                "manager": None,
                "sessions_since": now,
                "changed_at": now,
            }
        )
        told = [events.recorded(before, gone, SCIM, now), *_came_or_went(before, left, now)]
        self._store.save(before, gone, *told)

    def regroup(self, before: Colleague, *, into: frozenset[str], out_of: frozenset[str]) -> Colleague:
        """Somebody in these groups and no more in those; from the first time on SCIM alone decides."""
        had = before.groups if before.grouped else frozenset()
        groups = (had - out_of) | into
        if before.grouped and groups == before.groups:
            return before
        now = self._clock()
        after = before.model_copy(update={"groups": groups, "grouped": True, "changed_at": now})
        return self._store.save(before, after, events.recorded(before, after, SCIM, now))

    def _holders(self, said: Said) -> dict[Name, Colleague]:
        """Who has the names somebody is said to have; a leaver's may be had."""
        names = {
            Name.USER_NAME: said.account.user_name,
            Name.EMAIL: said.email,
            Name.EXTERNAL_ID: said.account.external_id,
        }
        found = {name: self._store.find(Key.of(name, value)) for name, value in names.items() if value}
        return {name: one for name, one in found.items() if one}

    def _from_sign_ins(self, said: Said) -> Colleague | None:
        """Who signed in before SCIM told of them: by the identity, else by the verified address."""
        external_id = said.account.external_id
        keys = [Key.of(Name.SUBJECT, external_id)] if external_id else []
        for key in (*keys, Key.of(Name.EMAIL, said.email)):
            found = self._store.find(key)
            if found and not found.gone and found.account is None:
                return found
        return None


def _as_said(before: Colleague, said: Said, now: datetime) -> Colleague:
    changes: dict[str, Any] = {
        "account": said.account,
        "email": said.email,
        "name": said.name,
        "active": said.active,
        "manager": said.manager,
        "changed_at": now,
    }
    if before.active and not said.active:
        changes["sessions_since"] = now
    return before.model_copy(update=changes)


def _came_or_went(before: Colleague, after: Colleague, now: datetime) -> list[AuditEvent]:
    if before.active == after.active:
        return []
    return [(events.reactivated if after.active else events.deactivated)(after, SCIM, now)]
