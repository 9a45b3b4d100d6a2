"""Asking a person, showing what the decision rests on, and taking the decision exactly once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from appguard.approvals.access import refusal
from appguard.approvals.comment import checked
from appguard.approvals.errors import (
    AlreadyDecided,
    ApprovalExpired,
    ApprovalSuperseded,
    ApprovalUnknown,
)
from appguard.approvals.events import ended_once, event
from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.exceptions import Exceptions, exceptions
from appguard.approvals.exceptions.model import AcceptedFinding, to_accept
from appguard.approvals.model import (
    EXPIRES_AFTER,
    Approval,
    ApprovalBase,
    Decided,
    Superseded,
    Verdict,
    Waiting,
    approval_id,
    becoming,
    new_locator,
)
from appguard.approvals.renewals import precedent_of
from appguard.approvals.settings import ApprovalSettings
from appguard.approvals.store import ApprovalStore, Machine
from appguard.apps.catalog import catalog
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, StaleVersion
from appguard.kernel.event import Actor, Result, Role
from appguard.kernel.ids import ReviewId
from appguard.kernel.person import Person
from appguard.reviews.model import Review, StepInput
from appguard.reviews.model import Waiting as ReviewWaiting
from appguard.reviews.reviews import Reviews, reviews

SYSTEM = Actor.system("approvals")


@dataclass(frozen=True)
class Opened:
    """What the page behind a link shows. `problem` says why it cannot be decided any more."""

    approval: Approval
    evidence: Evidence
    problem: str | None = None


@dataclass(frozen=True)
class Approvals:
    """The approvals of the platform. `evidence` builds what a review's decision rests on."""

    store: ApprovalStore
    machine: Machine
    of: Reviews
    evidence: Callable[[Review], Evidence]
    exceptions: Exceptions
    clock: Clock = utc_now

    def ask(self, step: StepInput, task_token: str) -> str | None:
        """Write a waiting approval for this run and return the locator for its link.

        None when a person has already decided on the very same evidence: then the run has its answer.
        An approval that still waits, from an earlier try or run, is superseded.
        """
        review = self.of.current(step)
        evidence = self.evidence(review)
        old = self.store.newest_of(step.review_id)
        if isinstance(old, Decided) and old.evidence_digest == evidence.digest:
            self.machine.resume(task_token, _answer(old))
            return None
        locator, now = new_locator(), self.clock()
        waiting = Waiting(
            approval_id=approval_id(locator),
            review_id=review.review_id,
            app_id=review.app_id,
            app_name=evidence.app_name,
            bundle_digest=review.bundle_digest,
            evidence_digest=evidence.digest,
            execution=review.execution,
            requester=review.requester,
            tier=evidence.tier,
            asked_at=now,
            expires_at=now + EXPIRES_AFTER,
        )
        left = becoming(Superseded, old, superseded_at=now) if isinstance(old, Waiting) else None
        self.store.ask(waiting, task_token, old, left, event("asked", waiting, SYSTEM, now))
        self.of.waiting(step, waiting.approval_id, waiting.expires_at)
        return locator

    def open(self, ref: str) -> Opened:
        """What `ref` (a link's locator, or an approval's id) stands for; raises `ApprovalUnknown`."""
        approval = self._find(ref)
        review = self.of.get(approval.review_id)
        try:
            self._must_wait(approval, review)
        except (AlreadyDecided, ApprovalExpired, ApprovalSuperseded) as problem:
            return Opened(approval, self.evidence(review), problem.message)
        return Opened(approval, self.evidence(review))

    def waiting(self) -> list[Waiting]:
        """The approvals somebody may still decide, the oldest first."""
        return [approval for approval in self.store.waiting() if not approval.expired(self.clock())]

    def decide(self, ref: str, by: Person, verdict: Verdict, comment: str = "") -> Decided:
        """Take `by`'s decision: once, in time, for this bundle, and never on a request of their own.

        Of two people deciding at once exactly one is heard; the other gets `AlreadyDecided`.
        """
        approval = self._find(ref)
        review = self.of.get(approval.review_id)
        evidence = self.evidence(review)
        if problem := refusal(by, review.requester, evidence.owner_email):
            self._deny(approval, by, problem)
        waiting = self._must_wait(approval, review, evidence)
        accepted = to_accept(evidence.findings) if verdict is Verdict.APPROVE else []
        comment = checked(verdict, comment, accepts=bool(accepted))
        decided = becoming(
            Decided,
            waiting,
            state="approved" if verdict is Verdict.APPROVE else "refused",
            decided_by=by.id,
            decided_at=self.clock(),
            comment=comment,
        )
        if not self._written(decided, verdict, evidence, accepted, by):
            raise AlreadyDecided("somebody else decided a moment ago")
        self.deliver(decided.approval_id)
        return decided

    def _written(
        self,
        decided: Decided,
        verdict: Verdict,
        evidence: Evidence,
        accepted: Sequence[AcceptedFinding],
        by: Person,
    ) -> bool:
        """Whether this decision was the first: with it, what it accepts and what later versions rest on."""
        because = event(
            "decided",
            decided,
            by.acting_as(Role.REVIEWER),
            decided.decided_at,
            event_id=ended_once(decided),
            verdict=verdict.value,
        )
        records = self.exceptions.granted(decided, accepted)
        writes, events = self.exceptions.writes(records, by)
        approved = verdict is Verdict.APPROVE
        owner = self.exceptions.apps.get(decided.app_id).owner
        precedent = precedent_of(decided, evidence, owner, records) if approved else None
        try:
            return self.store.decide(decided, precedent, writes, because, *events)
        except StaleVersion:
            return False

    def deliver(self, approval: str) -> None:
        """Hand a decision to the waiting run: at once, and again by the event in case we died between."""
        decided = self.store.find(approval)
        token = self.store.token(approval)
        if isinstance(decided, Decided) and token:
            self.machine.resume(token, _answer(decided))
            self.store.forget_token(approval)

    def close(self, review_id: ReviewId) -> None:
        """The review has ended: what still waits for a decision is superseded."""
        old = self.store.newest_of(review_id)
        if isinstance(old, Waiting):
            left = becoming(Superseded, old, superseded_at=self.clock())
            because = event("closed", left, SYSTEM, left.superseded_at, event_id=ended_once(left))
            self.store.change(left, because)

    def give_up(self, task_token: str, error: str) -> None:
        """Nobody could be asked: the run need not wait for its timeout."""
        self.machine.give_up(task_token, error)

    def _find(self, ref: str) -> Approval:
        if approval := self.store.find(approval_id(ref)):
            return approval
        raise ApprovalUnknown("this link leads to no approval")

    def _must_wait(self, approval: Approval, review: Review, evidence: Evidence | None = None) -> Waiting:
        """`approval` if it can be decided now; raises what to tell the reviewer otherwise."""
        if isinstance(approval, Decided):
            raise AlreadyDecided(
                f"{approval.decided_by} {approval.state} this on {approval.decided_at:%d %B %Y}"
            )
        if isinstance(approval, Superseded) and approval.superseded_at < approval.expires_at:
            raise ApprovalSuperseded("a newer request took the place of this one, or the review has ended")
        if isinstance(approval, Superseded) or approval.expired(self.clock()):
            raise ApprovalExpired(f"this could be decided until {approval.expires_at:%d %B %Y %H:%M} UTC")
        ours = isinstance(review, ReviewWaiting) and review.approval_id == approval.approval_id
        if not ours or review.bundle_digest != approval.bundle_digest:
            raise ApprovalSuperseded("the review does not wait for this decision any more")
        if evidence and evidence.digest != approval.evidence_digest:
            raise ApprovalSuperseded("what this decision rests on has changed since it was asked")
        return approval

    def _deny(self, approval: ApprovalBase, by: Person, problem: AppGuardError) -> NoReturn:
        self.store.refuse_access(
            event(
                "denied",
                approval,
                by.acting_as(Role.REVIEWER),
                self.clock(),
                result=Result.DENIED,
                code=problem.code,
            )
        )
        problem.recorded = True
        raise problem


def _answer(decided: Decided) -> dict[str, str]:
    """What the waiting run is told."""
    return {
        "verdict": decided.state,
        "approval_id": decided.approval_id,
        "bundle_digest": str(decided.bundle_digest),
        "decided_by": str(decided.decided_by),
        "comment": decided.comment,
    }


@cache
def approvals() -> Approvals:
    """The deployment's approvals, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.approvals.sources import evidence_of  # noqa: PLC0415
    from appguard.audit.outbox import outbox  # noqa: PLC0415
    from appguard.gates.evidence import results  # noqa: PLC0415

    store = ApprovalStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    return Approvals(
        store,
        Machine(boto3.client("stepfunctions")),
        reviews(),
        evidence_of(catalog(), results),
        exceptions(),
    )
