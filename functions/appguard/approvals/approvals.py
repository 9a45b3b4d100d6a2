"""Asking people, showing what the decision rests on, and taking the decision exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from appguard.approvals.access import Access
from appguard.approvals.comment import checked
from appguard.approvals.delegation.delegations import Delegations, delegations
from appguard.approvals.errors import ApprovalUnknown
from appguard.approvals.events import ended_once, event, spoken_once
from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.exceptions import Exceptions, exceptions
from appguard.approvals.exceptions.model import AcceptedFinding, to_accept
from appguard.approvals.model import (
    EXPIRES_AFTER,
    Approval,
    Decided,
    Superseded,
    Verdict,
    Voice,
    Waiting,
    approval_id,
    becoming,
    new_locator,
)
from appguard.approvals.open_to_decision import must_be_unchanged, must_wait
from appguard.approvals.policy import ApprovalPolicy, approval_policy
from appguard.approvals.renewals import precedent_of
from appguard.approvals.seats import seats_for
from appguard.approvals.settings import ApprovalSettings
from appguard.approvals.speaking import spoken
from appguard.approvals.standing import Inbox, Standing, inbox
from appguard.approvals.store import ApprovalStore, Machine
from appguard.approvals.withdrawals import Withdrawals
from appguard.apps.catalog import catalog
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, StaleVersion, Unavailable
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import PersonId, ReviewId
from appguard.kernel.person import Person
from appguard.reviews.model import Review, StepInput, Withdrawal
from appguard.reviews.reviews import Reviews, reviews

SYSTEM = Actor.system("approvals")
ATTEMPTS = 10
"""More than people can speak in the same moment: each failed attempt means that another was heard."""


@dataclass(frozen=True)
class Opened:
    """What the page behind a link shows. `problem` says why it cannot be decided any more."""

    approval: Approval
    evidence: Evidence
    problem: AppGuardError | None = None


@dataclass(frozen=True)
class Approvals:
    """The approvals of the platform. `evidence` builds what a review's decision rests on."""

    store: ApprovalStore
    machine: Machine
    of: Reviews
    evidence: Callable[[Review], Evidence]
    exceptions: Exceptions
    policy: ApprovalPolicy
    access: Access
    delegations: Delegations
    clock: Clock = utc_now

    @property
    def withdrawals(self) -> Withdrawals:
        """What is asked no more."""
        return Withdrawals(self.store, self.of, self.access, self.clock)

    def ask(self, step: StepInput, task_token: str) -> str | None:
        """Write a waiting approval for this run and return the locator for its link.

        None when people have already decided on the very same evidence, in the very same seats: then the
        run has its answer. None, too, when the draft was changed meanwhile: then the run ends. An approval
        that still waits, from an earlier try or run, is superseded.
        """
        review = self.of.current(step)
        if self.access.draft(review) != review.bundle_digest:
            self.withdrawals.withdraw(review.review_id, SYSTEM, Withdrawal.CHANGED)
            return None
        evidence = self.evidence(review)
        seats = seats_for(self.policy, evidence.tier, evidence.data_class)
        old = self.store.newest_of(step.review_id)
        if isinstance(old, Decided) and (old.evidence_digest, old.seats) == (evidence.digest, seats):
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
            makers=self.access.makers(review).ids,
            tier=evidence.tier,
            seats=seats,
            policy=self.policy.digest,
            asked_at=now,
            nudge_at=now + self.policy.remind_after,
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
        evidence = self.evidence(review)
        try:
            waiting = must_wait(approval, review, self.clock())
            must_be_unchanged(waiting, evidence, self.access.draft(review))
        except AppGuardError as problem:
            return Opened(approval, evidence, problem)
        return Opened(approval, evidence)

    def waiting(self) -> list[Waiting]:
        """The approvals somebody may still decide, the oldest first."""
        return [approval for approval in self.store.waiting() if not approval.expired(self.clock())]

    def heard(self, review_id: ReviewId) -> frozenset[str]:
        """Everybody whose voice the newest approval of a review holds, and for whom they spoke."""
        newest = self.store.newest_of(review_id)
        return frozenset(who for voice in newest.voices for who in voice.people) if newest else frozenset()

    def inbox(self, by: Person) -> Inbox:
        """What waits, as it concerns `by`."""
        return inbox(self.waiting(), by, lambda each: self.access.takes(by, each.seats))

    def standing(self, waiting: Waiting, by: Person) -> Standing:
        """What `by` can do about an approval that waits."""
        objection = self.access.objection(by, waiting, self.of.get(waiting.review_id))
        return Standing.of(waiting, by, self.access.takes(by, waiting.seats), objection)

    def decide(self, ref: str, by: Person, verdict: Verdict, comment: str = "") -> Waiting | Decided:
        """Hear `by`: once, in time, for this bundle, in a seat of theirs, and never on work of their own.

        A refusal decides, and so does the yes that takes the last seat; any other yes is kept, and the
        approval waits on. Of two people at once none is lost: who comes second is heard on what the
        first has left, which may be nothing (`AlreadyDecided`).
        """
        for _ in range(ATTEMPTS):
            waiting, evidence = self._open_to(ref, by)
            accepted = to_accept(evidence.findings) if verdict is Verdict.APPROVE else []
            voice = Voice(
                by=by.id,
                on_behalf_of=self._spoken_for(by, waiting),
                takes=self.access.takes(by, waiting.seats),
                verdict=verdict,
                at=self.clock(),
                comment=checked(verdict, comment, accepts=bool(accepted)),
            )
            heard = spoken(waiting, voice)
            if self._written(heard, by, evidence, accepted):
                if isinstance(heard, Decided):
                    self.deliver(heard.approval_id)
                return heard
        raise Unavailable("too many people decide at this moment")

    def _open_to(self, ref: str, by: Person) -> tuple[Waiting, Evidence]:
        """The approval and its evidence, if it can be decided, and by this person."""
        approval = self._find(ref)
        review = self.of.get(approval.review_id)
        if problem := self.access.objection(by, approval, review):
            denied = event("denied", approval, by.acting_as(Role.REVIEWER), self.clock(), denied=problem)
            self.store.refuse_access(denied)
            problem.recorded = True
            raise problem
        waiting = must_wait(approval, review, self.clock())
        evidence = self.evidence(review)
        must_be_unchanged(waiting, evidence, self.access.draft(review))
        return waiting, evidence

    def _spoken_for(self, by: Person, waiting: Waiting) -> PersonId | None:
        """For whom `by` stands in here: somebody away who made nothing of it, has not left nor been heard."""
        heard = {person for voice in waiting.voices for person in voice.people}
        away = self.delegations.away(by.id)
        silent = (each for each in away if each not in heard | waiting.makers)
        return next((each for each in silent if self.access.active(each)), None)

    def _written(
        self, heard: Waiting | Decided, by: Person, evidence: Evidence, accepted: list[AcceptedFinding]
    ) -> bool:
        """Whether nobody else was faster. With a decision go what it accepts and what versions rest on."""
        voice = heard.voices[-1]
        try:
            if isinstance(heard, Waiting):
                once = spoken_once(heard, by.id)
                endorsed = event("endorsed", heard, voice.actor, voice.at, event_id=once)
                return self.store.keep(heard, endorsed)
            decided = event("decided", heard, voice.actor, voice.at, event_id=ended_once(heard))
            records = self.exceptions.granted(heard, accepted)
            writes, events = self.exceptions.writes(records, by)
            approved = voice.verdict is Verdict.APPROVE
            owner = self.exceptions.apps.get(heard.app_id).owner
            precedent = precedent_of(heard, evidence, owner, records) if approved else None
            return self.store.decide(heard, precedent, writes, decided, *events)
        except StaleVersion:
            return False

    def deliver(self, approval: str) -> None:
        """Hand a decision to the waiting run: at once, and again by the event in case we died between."""
        decided = self.store.find(approval)
        token = self.store.token(approval)
        if isinstance(decided, Decided) and token:
            self.machine.resume(token, _answer(decided))
            self.store.forget_token(approval)

    def close(self, review_id: ReviewId, execution: str) -> None:
        """A run of the review has ended: what it still waits for is superseded, or has expired."""
        old = self.store.newest_of(review_id)
        if isinstance(old, Waiting) and old.execution == execution:
            left = becoming(Superseded, old, superseded_at=self.clock())
            fact = "expired" if old.expired(left.superseded_at) else "closed"
            because = event(fact, left, SYSTEM, left.superseded_at, event_id=ended_once(left))
            self.store.change(left, because)

    def give_up(self, task_token: str, error: str) -> None:
        """Nobody could be asked: the run need not wait for its timeout."""
        self.machine.give_up(task_token, error)

    def _find(self, ref: str) -> Approval:
        if approval := self.store.find(approval_id(ref)):
            return approval
        raise ApprovalUnknown("this link leads to no approval")


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
    from appguard.directory.directory import directory  # noqa: PLC0415
    from appguard.gates.evidence import results  # noqa: PLC0415
    from appguard.portal.access import roles_of  # noqa: PLC0415
    from appguard.provenance.sources import sources  # noqa: PLC0415

    store = ApprovalStore(boto3.client("dynamodb"), outbox(), ApprovalSettings.from_env().table)
    return Approvals(
        store,
        Machine(boto3.client("stepfunctions")),
        reviews(),
        evidence_of(catalog(), results),
        exceptions(),
        approval_policy(),
        Access(catalog(), roles_of, sources, directory().active),
        delegations(),
    )
