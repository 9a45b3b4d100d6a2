"""Who may decide on a request, and so is written to where there is no channel of the team."""

from collections.abc import Iterator

from appguard.approvals.approvals import approvals
from appguard.approvals.model import Waiting
from appguard.directory.directory import directory
from appguard.kernel.person import Person
from appguard.portal.access import DECIDERS, role_map


def deciders(ref: str) -> Iterator[Person]:
    """Active people whose yes would take an empty seat, each once."""
    approval = approvals().open(ref).approval
    if not isinstance(approval, Waiting):
        return
    groups = {group for role in DECIDERS for group in role_map().roles[role].groups}
    members = {person.id: person for group in sorted(groups) for person in directory().in_group(group)}
    for person in members.values():
        if approvals().standing(approval, person).needed:
            yield person
