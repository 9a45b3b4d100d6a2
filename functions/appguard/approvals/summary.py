"""What a decision rests on, told once: each channel renders this and nothing else."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from appguard.approvals.approvals import Opened
from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.model import AcceptedFinding, to_accept
from appguard.approvals.model import Approval, ApprovalId, Decided, Superseded
from appguard.gates.review_policy import ExceptionRules
from appguard.kernel.ids import AppId, BundleDigest, ReviewId
from appguard.kernel.levels import RiskTier
from appguard.kernel.line import Line
from appguard.kernel.record import Record


class Capable(Record):
    """One thing the app may do once it is approved; `new` when the version in use may not."""

    text: Line
    new: bool


class Ended(Record):
    """How a request ended, by whom if by a person, and when."""

    how: Literal["approved", "refused", "superseded", "expired"]
    by: Line | None = None
    at: AwareDatetime

    @property
    def sentence(self) -> str:
        """For people, but for the time, which each channel tells in its reader's way."""
        if self.by:
            return f"{self.how.capitalize()} by {self.by}"
        return "Nobody decided in time" if self.how == "expired" else "Replaced by a newer request, or closed"


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
        asked_at=approval.asked_at,
        expires_at=approval.expires_at,
        ended=_ended(approval, now),
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


def _ended(approval: Approval, now: datetime) -> Ended | None:
    if isinstance(approval, Decided):
        return Ended(how=approval.state, by=approval.decided_by, at=approval.decided_at)
    if isinstance(approval, Superseded) and approval.superseded_at < approval.expires_at:
        return Ended(how="superseded", at=approval.superseded_at)
    if isinstance(approval, Superseded) or approval.expired(now):
        return Ended(how="expired", at=approval.expires_at)
    return None
