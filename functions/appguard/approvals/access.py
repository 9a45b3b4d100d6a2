"""Who may decide."""

from appguard.approvals.errors import NotAReviewer, SeparationOfDuties
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person

DECIDERS = frozenset({"reviewers", "security"})
"""Groups of the identity provider whose members decide."""

SECURITY = frozenset({"security"})
"""Groups whose members take back what was accepted."""


def refusal(by: Person, requester: PersonId, owner_email: str) -> NotAReviewer | SeparationOfDuties | None:
    """Why `by` may not decide, or None. Requester and owner are refused whatever their groups."""
    if by.id == requester or by.email.casefold() == owner_email.casefold():
        return SeparationOfDuties("you asked for this app or own it, so somebody else must decide")
    if not DECIDERS & by.groups:
        return NotAReviewer("only reviewers decide on apps")
    return None
