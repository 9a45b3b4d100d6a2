"""What a decision rests on, told once: each channel renders this and nothing else."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from appguard.approvals.approvals import Opened
from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.model import AcceptedFinding, to_accept
from appguard.approvals.model import Approval, ApprovalId, Decided, Superseded, Withdrawn
from appguard.approvals.open_to_decision import deciders
from appguard.approvals.seats import places, taken
from appguard.approvals.speaking import SEAT_NAMES
from appguard.gates.review_policy import ExceptionRules
from appguard.kernel.ids import AppId, BundleDigest, ReviewId
from appguard.kernel.levels import RiskTier
from appguard.kernel.line import Line
from appguard.kernel.record import Record

WITHDRAWN = "Withdrawn, or changed by whoever asked"
SUPERSEDED = "Replaced by a newer request, or the review has ended"


class Capable(Record):
    """One thing the app may do once it is approved; `new` when the version in use may not."""

    text: Line
    new: bool


class Place(Record):
    """One person who has to approve: in which seat, and who it is once somebody sits there."""

    seat: str
    by: Line | None


class Ended(Record):
    """That a request can be decided no more: in words for people, and since when if it is recorded.

    The words leave the time out, which each channel tells in its reader's zone.
    """

    how: Literal["approved", "refused", "withdrawn", "expired", "superseded"]
    sentence: Line
    at: AwareDatetime | None


class ApprovalSummary(Record):
    """One request to decide, as all channels show it. All texts are single lines; none is markup."""

    approval_id: ApprovalId
    review_id: ReviewId
    app_id: AppId
    app_name: Line
    purpose: Line
    requester: Line
    owner: Line
    source: Line | None
    tier: RiskTier
    reasons: tuple[Line, ...]
    changes: tuple[Line, ...]
    capabilities: tuple[Capable, ...]
    accepts: tuple[Line, ...]
    accepted_days: int
    places: tuple[Place, ...]
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    ended: Ended | None
    bundle_digest: BundleDigest
    evidence_digest: str
    link: str

    @property
    def asks(self) -> str:
        """Who asks for what, in a sentence."""
        return f"{self.requester} asks to publish “{self.app_name}”: {self.purpose}"

    @property
    def needed(self) -> tuple[str, ...]:
        """Whose word it takes, and who has given theirs."""
        return tuple(f"{place.seat}: {place.by or 'not yet'}" for place in self.places)

    @property
    def may(self) -> tuple[str, ...]:
        """What the app may do once it is approved, new things marked."""
        return tuple(("NEW: " if each.new else "") + each.text for each in self.capabilities)


def summarise(
    opened: Opened, ref: str, portal_url: str, rules: ExceptionRules, now: datetime
) -> ApprovalSummary:
    """The summary of an opened approval; its one link leads to `ref` at our own portal."""
    approval, evidence = opened.approval, opened.evidence
    return ApprovalSummary(
        approval_id=approval.approval_id,
        review_id=approval.review_id,
        app_id=approval.app_id,
        app_name=evidence.app_name,
        purpose=evidence.purpose,
        requester=evidence.requester,
        owner=evidence.owner_email,
        source=_source(evidence),
        tier=evidence.tier,
        reasons=evidence.reasons,
        changes=evidence.changes.summary if evidence.replaces else (),
        capabilities=tuple(Capable(text=each.text, new=each.new) for each in evidence.capabilities),
        accepts=tuple(_accepted(to_accept(evidence.findings))),
        accepted_days=rules.lasts(evidence.tier).days,
        places=tuple(_places(approval)),
        asked_at=approval.asked_at,
        expires_at=approval.expires_at,
        ended=_ended(opened, now),
        bundle_digest=approval.bundle_digest,
        evidence_digest=approval.evidence_digest,
        link=f"{portal_url.rstrip('/')}/approvals/{ref}",
    )


def _source(evidence: Evidence) -> str | None:
    if (git := evidence.source) is None:
        return None
    return f"Sent by {git.actor} from {git.ref} of {git.repository}, commit {git.commit[:12]}."


def _accepted(findings: list[AcceptedFinding]) -> Iterator[str]:
    for each in findings:
        yield each.message + (f" (in {each.places} places)" if each.places > 1 else "")


def _places(approval: Approval) -> Iterator[Place]:
    sitting = taken(approval.seats, approval.voices)
    for place, role in enumerate(places(approval.seats)):
        seat = SEAT_NAMES[role].removeprefix("a ").capitalize()
        yield Place(seat=seat, by=sitting[place].by if place in sitting else None)


def _ended(opened: Opened, now: datetime) -> Ended | None:
    approval = opened.approval
    if isinstance(approval, Decided):
        words = f"{approval.state.capitalize()} by {deciders(approval)}"
        return Ended(how=approval.state, sentence=words, at=approval.decided_at)
    if isinstance(approval, Withdrawn):
        return Ended(how="withdrawn", sentence=WITHDRAWN, at=approval.withdrawn_at)
    replaced = isinstance(approval, Superseded) and approval.superseded_at < approval.expires_at
    if now >= approval.expires_at and not replaced:
        return Ended(how="expired", sentence="Nobody decided in time", at=approval.expires_at)
    if opened.problem is None:
        return None
    since = approval.superseded_at if isinstance(approval, Superseded) else None
    return Ended(how="superseded", sentence=SUPERSEDED, at=since)
