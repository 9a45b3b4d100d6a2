"""Asking no more: a version that is taken back, or changed, while people are asked about it."""

from dataclasses import dataclass

from appguard.approvals.access import Access
from appguard.approvals.errors import AlreadyDecided
from appguard.approvals.events import ended_once, event
from appguard.approvals.model import Decided, Waiting, Withdrawn, becoming
from appguard.approvals.open_to_decision import deciders
from appguard.approvals.store import ApprovalStore
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId, ReviewId
from appguard.reviews.model import Waiting as ReviewWaiting
from appguard.reviews.model import Withdrawal
from appguard.reviews.model import Withdrawn as ReviewWithdrawn
from appguard.reviews.reviews import Reviews


@dataclass(frozen=True)
class Withdrawals:
    """First what was asked, which a decision may have ended; then the review and its run."""

    store: ApprovalStore
    of: Reviews
    access: Access
    clock: Clock = utc_now

    def withdraw(self, review_id: ReviewId, by: Actor, why: Withdrawal) -> None:
        """End a review that waits, or has not come to wait, with what was asked about it.

        A decision and a withdrawal at once: the first counts. Raises `AlreadyDecided` or
        `TooLateToWithdraw`. Safe to repeat.
        """
        old = self.store.newest_of(review_id)
        if isinstance(old, Decided) and old.execution == self.of.get(review_id).execution:
            raise AlreadyDecided(f"{deciders(old)} {old.state} this on {old.decided_at:%d %B %Y}")
        if isinstance(old, Waiting):
            now = self.clock()
            left = becoming(Withdrawn, old, withdrawn_at=now, withdrawn_by=by.id, why=why)
            if not self.store.change(left, event("withdrawn", left, by, now, event_id=ended_once(left))):
                raise AlreadyDecided("somebody decided a moment ago")
        self.of.withdraw(review_id, by, why)

    def finish(self, review_id: ReviewId, execution: str, by: Actor) -> None:
        """What a withdrawal of this run has left undone, in case we died between."""
        review = self.of.get(review_id)
        if review.execution != execution:
            return
        old = self.store.newest_of(review_id)
        if isinstance(review, ReviewWithdrawn):
            self.of.let_go(review)
        elif isinstance(review, ReviewWaiting) and isinstance(old, Withdrawn):
            self.of.withdraw(review_id, by, old.why)

    def void(self, app_id: AppId, by: Actor) -> None:
        """The app's draft has changed: what was asked about another version is withdrawn."""
        review_id = self.of.open_of(app_id)
        review = self.of.get(review_id) if review_id else None
        if isinstance(review, ReviewWaiting) and self.access.draft(review) != review.bundle_digest:
            self.withdraw(review.review_id, by, Withdrawal.CHANGED)
