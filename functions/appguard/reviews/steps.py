"""The steps of the review state machine. Each may run twice; the second time changes nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import Field

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import Trigger
from appguard.apps.model import Grants, Risk
from appguard.apps.risk import UNREADABLE, assess
from appguard.apps.yaml_source import ManifestError
from appguard.connectors.registry import registry
from appguard.gates.decision import decide
from appguard.gates.limits import SECONDS
from appguard.gates.model import Decision, GateResult
from appguard.gates.renewal import Precedent, Renewal
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import EventId, PersonId, ReviewId
from appguard.kernel.record import Record
from appguard.reviews.model import (
    Approved,
    Ended,
    Expired,
    Published,
    Refused,
    RestsOn,
    Review,
    Stage,
    StepInput,
    becoming,
)
from appguard.reviews.reviews import SYSTEM, Reviews, ReviewSettings, reviews

Evidence = Callable[[ReviewId], Sequence[GateResult]]
Renewing = Callable[[Review], Renewal | None]
NOTHING_MORE = "it can do nothing that the version a person approved could not"
Attested = Callable[[Approved], object]


class Judgement(Record):
    """How AskApproval came back; without a person when the decision followed from the findings."""

    decided_by: PersonId | None = None
    comment: str = Field(default="", max_length=2000)
    failed_gates: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Judgement":
        """What of the state machine's data concerns us."""
        return cls.model_validate({name: given[name] for name in cls.model_fields if name in given})


class Failure(Record):
    """Which step failed, and the name of its error."""

    step: str = Field(max_length=100)
    error: str = Field(max_length=200)
    cause: str = ""


class Steps:
    """What the handlers of the state machine call."""

    def __init__(
        self,
        of: Reviews,
        apps: Catalog,
        evidence: Evidence,
        renewal: Renewing,
        attested: Attested,
        apps_url: str,
        clock: Clock = utc_now,
    ) -> None:
        """Move reviews `of` the platform and its `apps`, judging by the gates' `evidence`.

        `renewal` puts a review beside the last version of its app that a person approved; `attested`
        raises unless a review's bundle carries an attestation that lets it run.
        """
        self._reviews, self._apps, self._evidence = of, apps, evidence
        self._renewal, self._attested = renewal, attested
        self._apps_url, self._clock = apps_url.rstrip("/"), clock

    def classify(self, step: StepInput) -> Risk:
        """Compute the risk tier; a manifest nobody can read is left to the manifest gate."""
        risk = self.risk(step)
        facts = {"tier": risk.tier.value, "reasons": list(risk.reasons)}
        self._reviews.reach(step, Stage.CLASSIFIED, facts, tier=risk.tier)
        return risk

    def decide(self, step: StepInput, failed_gates: Collection[str] = ()) -> Decision:
        """Judge by the evidence of all gates; one without evidence, or that failed in this run, blocks."""
        results = self._results(step, failed_gates)
        findings, tier = _all_of(results), self.risk(step).tier
        renewal = self._renewal(self._reviews.current(step))
        decision = decide(findings, tier, renewal)
        count = {str(s): sum(f.severity is s for f in findings) for s in Severity}
        facts: dict[str, Any] = {"decision": decision.value, "findings": count}
        facts["rules"] = dict(Counter(finding.rule for finding in findings))
        facts["took_ms"] = {gate: result.duration_ms for gate, result in sorted(results.items())}
        rests_on = None
        if renewal and decision is Decision.CLEAR and decide(findings, tier) is not Decision.CLEAR:
            rests_on = _rests_on(renewal.precedent)
            facts |= {"rests_on": rests_on.model_dump(mode="json"), "reason": NOTHING_MORE}
            facts["skip_rules"] = renewal.rules.digest
        self._reviews.reach(step, Stage.CHECKED, facts, rests_on=rests_on)
        return decision

    def approve(self, step: StepInput, judgement: Judgement) -> Review:
        """The app is approved, by `judgement.decided_by` or because nothing speaks against it."""
        review = self._reviews.current(step)
        if isinstance(review, Approved):
            return review
        self._reviews.move(step, Trigger.APPROVED)
        now = self._clock()
        reached = review.model_copy(update={"reached": {**review.reached, Stage.JUDGED: now}})
        approved = becoming(Approved, reached, approved_at=now, decided_by=judgement.decided_by)
        return self._reviews.save(approved, "approved", {"by_person": judgement.decided_by is not None})

    def refuse(self, step: StepInput, judgement: Judgement) -> Review:
        """Not this version: the reviewer's comment says why, or the findings that block."""
        reasons = (judgement.comment,) if judgement.decided_by else self._blocked_by(step, judgement)

        def ending(review: Review) -> Ended:
            return becoming(
                Refused, review, ended_at=self._clock(), reasons=reasons, decided_by=judgement.decided_by
            )

        found = self.findings(step, judgement.failed_gates)
        rules = sorted({f.rule for f in found if f.severity is Severity.BLOCK})
        facts = {"rules": rules, "by_person": judgement.decided_by is not None}
        return self._reviews.end(step, "refused", ending, Trigger.REFUSED, facts)

    def expire(self, step: StepInput) -> Review:
        """Nobody decided in time."""
        return self._reviews.end(
            step, "expired", lambda r: becoming(Expired, r, ended_at=self._clock()), Trigger.EXPIRED
        )

    def fail(self, step: StepInput, failure: Failure) -> Review:
        """A step did not work. What it said stays in the logs; record and event name step and error."""
        return self._reviews.fail(step, failure.step, failure.error)

    def publish(self, step: StepInput) -> Review:
        """Make the bundle the version employees use, with exactly the grants its manifest asked for."""
        review = self._reviews.get(step.review_id)
        if isinstance(review, Published) and review.execution == step.execution:
            return review
        review = self._reviews.approved(step)
        self._attested(review)
        manifest = self._apps.bundle(step.bundle_digest).manifest()
        app = self._apps.publish(
            step.app_id,
            step.bundle_digest,
            self.risk(step),
            Grants.asked_by(manifest),
            f"{self._apps_url}/apps/{step.app_id}/",
            SYSTEM,
            EventId.of(step.execution, "published", "app"),
        )
        if app.publication is None:
            raise LookupError("a published app has a publication")
        now = self._clock()
        reached = review.model_copy(update={"reached": {**review.reached, Stage.PUBLISHED: now}})
        published = becoming(
            Published,
            reached,
            ended_at=now,
            url=app.publication.url,
            decided_by=review.decided_by,
            attestation=review.attestation,
        )
        return self._reviews.save(published, "published", {"url": app.publication.url})

    def risk(self, step: StepInput) -> Risk:
        """The risk of the reviewed bundle."""
        bundle = self._apps.bundle(step.bundle_digest)
        try:
            return assess(bundle.manifest(), registry(), bundle.files)
        except ManifestError:
            return UNREADABLE

    def findings(self, step: StepInput, failed_gates: Collection[str] = ()) -> list[Finding]:
        """All that the gates found about this very bundle, and a block for each gate that left nothing.

        What a gate that failed in this run had left in an earlier one does not count.
        """
        return _all_of(self._results(step, failed_gates))

    def _results(self, step: StepInput, failed_gates: Collection[str]) -> dict[str, GateResult]:
        return {
            result.gate: result
            for result in self._evidence(step.review_id)
            if result.bundle_digest == step.bundle_digest and result.gate not in failed_gates
        }

    def _blocked_by(self, step: StepInput, judgement: Judgement) -> tuple[str, ...]:
        blocks = [f for f in self.findings(step, judgement.failed_gates) if f.severity is Severity.BLOCK]
        return tuple(f"{f.message} {f.remediation}" for f in blocks) or ("The decision was refused.",)


def _rests_on(precedent: Precedent) -> RestsOn:
    return RestsOn(
        approval_id=precedent.approval_id,
        approved_by=precedent.approved_by,
        approved_at=precedent.approved_at,
    )


def _all_of(results: Mapping[str, GateResult]) -> list[Finding]:
    missing = [_gate_failed(gate) for gate in SECONDS if gate not in results]
    return [finding for result in results.values() for finding in result.findings] + missing


def _gate_failed(gate: str) -> Finding:
    return Finding(
        gate=gate,
        rule="gate-failed",
        severity=Severity.BLOCK,
        message=f"The {gate} gate did not finish.",
        remediation="Submit again; if it stays, tell the platform team the review's id.",
    )


@cache
def steps() -> Steps:
    """The deployment's steps, made on first use."""
    from appguard.approvals.renewals import renewals  # noqa: PLC0415 - approvals know reviews, not we them
    from appguard.gates.evidence import results  # noqa: PLC0415

    return Steps(reviews(), catalog(), results, renewals().of, _attested, ReviewSettings.from_env().apps_url)


def _attested(review: Approved) -> object:
    from appguard.provenance.accept import acceptance  # noqa: PLC0415 - only publishing asks for it

    return acceptance().recorded(review)
