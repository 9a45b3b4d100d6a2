"""Who may decide on a request, and so is written to where there is no channel of the team."""

from collections.abc import Iterator

from appguard.approvals.access import DECIDERS, refusal
from appguard.approvals.approvals import approvals
from appguard.directory.directory import directory
from appguard.kernel.person import Person


def deciders(ref: str) -> Iterator[Person]:
    """Active members of the deciding groups, each once, without requester and owner."""
    opened = approvals().open(ref)
    members = {person.id: person for group in sorted(DECIDERS) for person in directory().in_group(group)}
    for person in members.values():
        if refusal(person, opened.approval.requester, opened.evidence.owner_email) is None:
            yield person
