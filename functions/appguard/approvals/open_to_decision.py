"""Whether an approval can be decided now, and what to tell whoever tries when it cannot: a pure function."""

from datetime import datetime

from appguard.approvals.errors import (
    AlreadyDecided,
    ApprovalExpired,
    ApprovalSuperseded,
    ApprovalWithdrawn,
)
from appguard.approvals.evidence import Evidence
from appguard.approvals.model import Approval, Decided, Superseded, Verdict, Voice, Waiting, Withdrawn
from appguard.kernel.ids import BundleDigest
from appguard.reviews.model import Review, Withdrawal
from appguard.reviews.model import Waiting as ReviewWaiting


def must_wait(approval: Approval, review: Review, now: datetime) -> Waiting:
    """`approval` if its review waits for it; raises why not otherwise."""
    if isinstance(approval, Decided):
        raise AlreadyDecided(f"{deciders(approval)} {approval.state} this on {approval.decided_at:%d %B %Y}")
    if isinstance(approval, Withdrawn):
        how = "was withdrawn" if approval.why is Withdrawal.ASKED else "fell away when the app was changed"
        raise ApprovalWithdrawn(f"this request {how} on {approval.withdrawn_at:%d %B %Y}")
    if isinstance(approval, Superseded) and approval.superseded_at < approval.expires_at:
        raise ApprovalSuperseded("a newer request took the place of this one, or the review has ended")
    if isinstance(approval, Superseded) or approval.expired(now):
        raise ApprovalExpired(f"this could be decided until {approval.expires_at:%d %B %Y %H:%M} UTC")
    ours = isinstance(review, ReviewWaiting) and review.approval_id == approval.approval_id
    if not ours or review.bundle_digest != approval.bundle_digest:
        raise ApprovalSuperseded("the review does not wait for this decision any more")
    return approval


def must_be_unchanged(waiting: Waiting, evidence: Evidence, draft: BundleDigest | None) -> None:
    """Raise when what a decision would rest on is not what was asked about."""
    if evidence.digest != waiting.evidence_digest:
        raise ApprovalSuperseded("what this decision rests on has changed since it was asked")
    if draft != waiting.bundle_digest:
        raise ApprovalWithdrawn("the app was changed after it was submitted, so this version is not wanted")


def deciders(decided: Decided) -> str:
    """Whose word it was: all who approved, or who refused; and for whom."""
    said = [voice for voice in decided.voices if voice.verdict is Verdict.APPROVE]
    return " and ".join(map(speaker, [decided.last] if decided.state == "refused" else said))


def speaker(voice: Voice) -> str:
    """Who spoke: `rob@example.com for ria@example.com`."""
    return f"{voice.by} for {voice.on_behalf_of}" if voice.on_behalf_of else voice.by
