"""Groups as SCIM tells of them, and who is in them."""

from collections.abc import Iterable

from appguard.directory import events
from appguard.directory.errors import NameTaken
from appguard.directory.model import Colleague, ColleagueId, Group, GroupId, Key, Name
from appguard.directory.roster import SCIM, Roster
from appguard.directory.store import DirectoryStore
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Invalid, TooLarge

MOST_AT_ONCE = 500
"""How many may join and leave in one request: each is a transaction, and a client waits half a minute."""


class Groups:
    """Groups, whose people carry their names; who is in one is read from the people, not from a list."""

    def __init__(self, store: DirectoryStore, clock: Clock = utc_now) -> None:
        """Change groups, and through them people, in `store`."""
        self._store, self._clock, self._roster = store, clock, Roster(store, clock)

    def people(self, group: Group) -> list[Colleague]:
        """Whom SCIM put into this group, by id."""
        return [one for one in self._store.in_group(group.name) if one.grouped and one.account]

    def form(self, name: str, external_id: str | None, people: Iterable[ColleagueId]) -> Group:
        """A new group of these people; raises `NameTaken`, or `Invalid` for people there are not."""
        now = self._clock()
        group = Group(
            group_id=GroupId.new(), name=name, external_id=external_id, created_at=now, changed_at=now
        )
        self._demand_free(group)
        people = set(people)
        _demand_few(len(people))
        joining = self._each(people)
        formed = self._store.save_group(None, group, events.group_recorded(group, SCIM, now))
        for one in joining:
            self._roster.regroup(one, into=group.names, out_of=frozenset())
        return formed

    def change(
        self, before: Group, name: str, external_id: str | None, people: Iterable[ColleagueId]
    ) -> Group:
        """The group under these names, with these people and no others; raises as `form` does."""
        now = self._clock()
        after = before.model_copy(update={"name": name, "external_id": external_id})
        self._demand_free(after)
        was, to_be = {one.colleague_id: one for one in self.people(before)}, set(people)
        _demand_few(len(to_be ^ was.keys()))
        joining = self._each(to_be - was.keys())
        if after != before:
            after = after.model_copy(update={"changed_at": now})
            after = self._store.save_group(before, after, events.group_recorded(after, SCIM, now))
        for ident, one in was.items():
            into = after.names if ident in to_be else frozenset()
            self._roster.regroup(one, into=into, out_of=before.names - into)
        for one in joining:
            self._roster.regroup(one, into=after.names, out_of=frozenset())
        return after

    def dissolve(self, group: Group) -> None:
        """Nobody is in the group any more, and then it is no more."""
        for one in self.people(group):
            self._roster.regroup(one, into=frozenset(), out_of=group.names)
        self._store.remove_group(group, events.group_removed(group, SCIM, self._clock()))

    def _each(self, idents: Iterable[ColleagueId]) -> list[Colleague]:
        found = [self._store.get(ident) for ident in sorted(set(idents))]
        known = [one for one in found if one and one.account]
        if len(known) < len(found):
            raise Invalid("some member is nobody the directory knows")
        return known

    def _demand_free(self, group: Group) -> None:
        names = {Name.GROUP: group.name, Name.GROUP_EXTERNAL_ID: group.external_id}
        for name, value in names.items():
            holder = self._store.find_group(Key.of(name, value)) if value else None
            if holder and holder.group_id != group.group_id:
                raise NameTaken("another group has this name or external id")


def _demand_few(changing: int) -> None:
    if changing > MOST_AT_ONCE:
        raise TooLarge(f"at most {MOST_AT_ONCE} people join or leave a group in one request")
