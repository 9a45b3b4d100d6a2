"""Who may decide, and in which seats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from appguard.approvals.errors import Left, NotAReviewer, SeparationOfDuties
from appguard.approvals.makers import Makers
from appguard.approvals.model import ApprovalBase, Seat
from appguard.approvals.seats import may_take
from appguard.apps.catalog import Catalog
from appguard.kernel.errors import Forbidden
from appguard.kernel.event import Role
from appguard.kernel.ids import BundleDigest, PersonId
from appguard.kernel.person import Person
from appguard.reviews.model import Review

if TYPE_CHECKING:
    from appguard.provenance.sources import Sources

DECIDERS = frozenset({"reviewers", "security"})
"""Groups of the identity provider whose members renew exceptions."""

SECURITY = frozenset({"security"})
"""Groups whose members take back what was accepted."""


@dataclass(frozen=True)
class Access:
    """What is known of people and apps when somebody wants to decide.

    `roles` says which roles a person has, `known` whose logins Git services vouch for, `active` whether
    somebody still works here.
    """

    apps: Catalog
    roles: Callable[[Person], frozenset[Role]]
    known: "Callable[[], Sources]"
    active: Callable[[PersonId], bool]

    def makers(self, review: Review) -> Makers:
        """Those whose work the version is: none of them decides."""
        return Makers.of(self.apps.get(review.app_id), review, self.apps.authors(review.app_id))

    def draft(self, review: Review) -> BundleDigest | None:
        """The app's draft as it is now; another one than was submitted voids what waits."""
        return self.apps.get(review.app_id).draft

    def takes(self, by: Person, seats: Sequence[Seat]) -> tuple[Role, ...]:
        """The seats a person may take by their present roles."""
        return may_take(self.roles(by), seats)

    def objection(self, by: Person, approval: ApprovalBase, review: Review) -> Forbidden | None:
        """Why `by` may not decide, or None. Leavers and makers are refused whatever their roles."""
        if not self.active(by.id):
            return Left("you are no longer in the company's directory")
        if problem := self.makers(review).objection(by, self.known()):
            return problem
        if not self.takes(by, approval.seats):
            return NotAReviewer("your roles take no seat in this approval")
        return None


def refusal(by: Person, requester: PersonId, owner_email: str) -> NotAReviewer | SeparationOfDuties | None:
    """Why `by` may not renew an exception, or None. Requester and owner are refused whatever their groups."""
    if by.id == requester or by.email.casefold() == owner_email.casefold():
        return SeparationOfDuties("you asked for this app or own it, so somebody else must decide")
    if not DECIDERS & by.groups:
        return NotAReviewer("only reviewers decide on apps")
    return None
