"""Who is told that an approval waits: the people who could take an empty seat, and after some days others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from appguard.approvals.delegation.delegations import Delegations, delegations
from appguard.approvals.model import Approval, Waiting
from appguard.approvals.seats import missing
from appguard.kernel.event import Role
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person


class People(Protocol):
    """What of the directory is asked here; it tells of active people only."""

    def by_id(self, person_id: PersonId) -> Person | None:
        """One of them."""

    def in_group(self, group: str) -> list[Person]:
        """Those of a group."""

    def manager_of(self, person_id: PersonId) -> Person | None:
        """Whom somebody reports to."""


@dataclass(frozen=True)
class Recipients:
    """`groups` says which groups give a role."""

    people: People
    delegations: Delegations
    groups: Callable[[Role], Iterable[str]]

    def of(self, approval: Approval) -> list[Person]:
        """Everybody to tell, each once, in a stable order: delegates in place of those who are away.

        Nobody who has a part in the version or has spoken, and nobody who has left. Once it was escalated
        also security, and the managers of those who were asked.
        """
        if not isinstance(approval, Waiting):
            return []
        asked = [
            person
            for role in dict.fromkeys(missing(approval.seats, approval.voices))
            for person in self._in(role)
        ]
        if approval.escalated_at:
            managers = (self.people.manager_of(person.id) for person in asked)
            asked = [*asked, *self._in(Role.SECURITY), *(each for each in managers if each)]
        heard = {person for voice in approval.voices for person in voice.people}
        out = heard | approval.makers
        return [each for each in {p.id: p for p in self._present(asked)}.values() if each.id not in out]

    def _in(self, role: Role) -> Iterator[Person]:
        for group in sorted(self.groups(role)):
            yield from self.people.in_group(group)

    def _present(self, asked: Iterable[Person]) -> Iterator[Person]:
        """Whoever is here, or else who stands in; of nobody who left before saying so is the mail lost."""
        for person in asked:
            delegate = self.delegations.stand_in(person.id)
            yield (self.people.by_id(delegate) if delegate else None) or person


def recipients(approval: Approval) -> list[Person]:
    """Whom to tell of an approval, as the directory knows people now; nobody once it is decided.

    Empty, too, where the directory knows nobody yet: then there is the reviewers' address.
    """
    return _recipients().of(approval)


@cache
def _recipients() -> Recipients:
    from appguard.directory.directory import directory  # noqa: PLC0415 - only messages need it
    from appguard.portal.access import role_map  # noqa: PLC0415

    return Recipients(directory(), delegations(), lambda role: role_map().roles[role].groups)
