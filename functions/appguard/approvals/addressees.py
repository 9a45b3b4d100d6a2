"""To which addresses a request is mailed."""

from collections.abc import Callable, Collection, Iterable

from appguard.approvals.model import Approval
from appguard.approvals.seats import may_take, missing
from appguard.kernel.event import Role
from appguard.kernel.person import Person


def addressees(
    approval: Approval,
    people: Iterable[Person],
    roles: Callable[[Person], Collection[Role]],
    reviewers: str,
) -> list[str]:
    """Each person's address once; the `reviewers`' too where nobody is known for some seat."""
    known = list(people)
    covered = {role for person in known for role in may_take(roles(person), approval.seats)}
    lacking = set(missing(approval.seats, approval.voices)) - covered
    return list(dict.fromkeys([*(person.email for person in known), *([reviewers] if lacking else [])]))
