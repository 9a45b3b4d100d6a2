"""Reviews: asking for one, reading them, and moving one along with its evidence."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import Field

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import IllegalTransition, Trigger
from appguard.apps.model import App
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, BundleDigest, EventId, PersonId, ReviewId
from appguard.kernel.settings import Settings
from appguard.provenance.model import GitSource
from appguard.reviews.errors import (
    AnotherReviewOpen,
    NoReview,
    NotApproved,
    NotTheDraft,
    StaleRun,
    TooLateToWithdraw,
)
from appguard.reviews.model import (
    Approved,
    Ended,
    Expired,
    Failed,
    Published,
    Refused,
    Review,
    ReviewBase,
    Running,
    Stage,
    StepInput,
    Waiting,
    Withdrawal,
    Withdrawn,
    becoming,
)
from appguard.reviews.store import ReviewStore, Workflow

logger = logging.getLogger(__name__)
Facts = Mapping[str, Any]
SYSTEM = Actor.system("reviews")


class Reviews:
    """Every change of a review is one transaction with its audit event, named after run and step."""

    def __init__(self, store: ReviewStore, workflow: Workflow, apps: Catalog, clock: Clock = utc_now) -> None:
        """Keep reviews in `store`, run them in `workflow`, move `apps`."""
        self._store, self._workflow, self._apps, self._clock = store, workflow, apps, clock

    def get(self, review_id: ReviewId) -> Review:
        """One review; raises `NotFound`."""
        return self._store.get(review_id)

    def of_app(self, app_id: AppId) -> list[Review]:
        """The app's reviews, newest first."""
        return self._store.of_app(app_id)

    def open_of(self, app_id: AppId) -> ReviewId | None:
        """The app's review that has not ended; there is one at most."""
        return self._store.open_of(app_id)

    def submit(
        self, app_id: AppId, digest: BundleDigest, by: Actor, source: GitSource | None = None
    ) -> Review:
        """Ask for a review of the app's draft; the same bundle twice is one review.

        Without `source` it was written in the portal. What the checks refused from one place may come from
        another: where it comes from is part of what they judge.
        Safe after a crash anywhere within: whatever is missing (the app's state, the run) is made up for.
        Raises `NotTheDraft`, `AnotherReviewOpen` or `IllegalTransition`.
        """
        review = self._store.find(ReviewId.of(app_id, digest))
        if review is None:
            review = self._first(self._apps.get(app_id), digest, by, source)
        elif _ended_for_good(review, self._apps.get(app_id), source):
            return review
        elif isinstance(review, Ended):
            review = self._again(review, by, source)
        if not self._run(review, by) and self._workflow.ended_early(review):
            self.fail(StepInput.of(review), "Run", "died")
            review = self._again(self._store.get(review.review_id), by, source)
            self._run(review, by)
        return review

    def fail(self, step: StepInput, failed: str, error: str) -> Review:
        """Step `failed` of the run did not work."""
        return self.end(
            step,
            "failed",
            lambda r: becoming(Failed, r, ended_at=self._clock(), step=failed, error=error),
            Trigger.FAILED,
            {"step": failed, "error": error},
        )

    def withdraw(self, review_id: ReviewId, by: Actor, why: Withdrawal) -> Review:
        """End a review before anybody has decided; raises `TooLateToWithdraw`.

        Safe to repeat after a crash: what is missing (the app's state, the end of the run) is made up for.
        """
        review = self._store.get(review_id)
        if isinstance(review, Running | Waiting):
            withdrawn = becoming(Withdrawn, review, ended_at=self._clock(), why=why)
            review = self.save(withdrawn, "withdrawn", {"why": why.value}, by=by)
        if not isinstance(review, Withdrawn):
            raise TooLateToWithdraw(f"this review is {review.state}")
        self.let_go(review)
        return review

    def let_go(self, review: Withdrawn) -> None:
        """The app is its owner's again, and the run ends."""
        try:
            self.move(StepInput.of(review), Trigger.WITHDRAWN)
        except IllegalTransition:
            logger.warning("the app was moved elsewhere meanwhile; its review has ended")
        self._workflow.stop(review)

    def waiting(self, step: StepInput, approval_id: str, expires_at: datetime) -> Review:
        """A person is asked; the app waits with it."""
        review = self.current(step)
        waiting = becoming(Waiting, review, approval_id=approval_id, expires_at=expires_at)
        return self.save(waiting, "waiting", {"approval_id": approval_id}, distinct=approval_id)

    def reach(self, step: StepInput, stage: Stage, facts: Facts | None = None, **changes: object) -> Review:
        """The review has passed `stage`; `changes` of it are saved along."""
        review = self.current(step)
        reached = {**review.reached, stage: self._clock()}
        return self.save(review.model_copy(update={"reached": reached, **changes}), stage.value, facts or {})

    def current(self, step: StepInput) -> Review:
        """The review this step belongs to; raises `StaleRun` or `NoReview` when it may change nothing."""
        review = self._store.get(step.review_id)
        if review.execution != step.execution:
            raise StaleRun(f"run {step.execution} was replaced by {review.execution}")
        if isinstance(review, Ended):
            raise NoReview(f"review {review.review_id} is {review.state}")
        return review

    def approved(self, step: StepInput) -> Approved:
        """The review this step belongs to, once approved; raises `NotApproved`."""
        review = self.current(step)
        if not isinstance(review, Approved):
            raise NotApproved(f"review {review.review_id} is {review.state}")
        return review

    def to_run(self, step: StepInput) -> Approved:
        """Like `approved`; raises `IllegalTransition` when the app was suspended or retired meanwhile."""
        review = self.approved(step)
        self._apps.get(step.app_id).advanced(Trigger.PUBLISHED)
        return review

    def attested(self, step: StepInput, attestation: str, facts: Facts) -> Approved:
        """The approved bundle has a signed statement; its digest is kept with the review."""
        review = self.approved(step)
        newer = review.model_copy(update={"attestation": attestation})
        self._record(newer, Action.BUNDLE_ATTESTED, Resource(type="bundle", id=step.bundle_digest), facts)
        return self.approved(step)

    def end(
        self,
        step: StepInput,
        fact: str,
        ending: Callable[[Review], Ended],
        trigger: Trigger,
        facts: Facts | None = None,
    ) -> Review:
        """Move the app by `trigger` and the review to its end; a retried step finds both done."""
        review = self._store.get(step.review_id)
        if isinstance(review, Ended) and review.execution == step.execution:
            return review
        ended = ending(self.current(step))
        try:
            self.move(step, trigger)
        except IllegalTransition:
            logger.warning("the app was moved elsewhere meanwhile; its review still ends")
        return self.save(ended, fact, facts or {})

    def move(self, step: StepInput, trigger: Trigger, by: Actor = SYSTEM) -> App:
        """Move the reviewed app along its lifecycle, once per run."""
        return self._apps.advance(
            step.app_id,
            trigger,
            by,
            event_id=EventId.of(step.execution, trigger.value, "app"),
            review_id=str(step.review_id),
        )

    def save(
        self, review: ReviewBase, fact: str, facts: Facts, *, by: Actor = SYSTEM, distinct: str = ""
    ) -> Review:
        """Write `review` because of `review.<fact>`, an event recorded once per run (and `distinct`)."""
        about = Resource(type="review", id=review.review_id)
        self._record(review, Action(f"review.{fact}"), about, facts, by=by, distinct=distinct)
        return self._store.get(review.review_id)

    def _record(
        self,
        review: ReviewBase,
        action: Action,
        about: Resource,
        facts: Facts,
        *,
        by: Actor = SYSTEM,
        distinct: str = "",
    ) -> None:
        event = AuditEvent.of(
            action,
            by,
            about,
            self._clock(),
            event_id=event_of(review.execution, action.partition(".")[2], distinct),
            app_id=review.app_id,
            bundle_digest=review.bundle_digest,
        )
        metadata = {"execution": review.execution, **facts}
        self._store.save(review, event.model_copy(update={"metadata": metadata}))

    def _first(self, app: App, digest: BundleDigest, by: Actor, source: GitSource | None) -> Review:
        if self._store.open_of(app.app_id):
            raise AnotherReviewOpen(f"another version of {app.app_id} is being reviewed")
        self._may_begin(app, digest)
        now = self._clock()
        review = Running(
            review_id=ReviewId.of(app.app_id, digest),
            app_id=app.app_id,
            bundle_digest=digest,
            requester=PersonId(by.id),
            submitted_at=now,
            replaces=app.in_use,
            reached={Stage.SUBMITTED: now},
            source=source,
        )
        return self._submitted(review, by)

    def _again(self, review: ReviewBase, by: Actor, source: GitSource | None) -> Review:
        """A new run of a review whose last one did not get to a decision that holds."""
        if self._store.open_of(review.app_id) is None:
            self._may_begin(self._apps.get(review.app_id), review.bundle_digest)
        now = self._clock()
        shared = {
            "attempt": review.attempt + 1,
            "submitted_at": now,
            "requester": PersonId(by.id),
            "reached": {Stage.SUBMITTED: now},
            "replaces": self._apps.get(review.app_id).in_use,
            "tier": None,
            "rests_on": None,
            "source": source,
        }
        return self._submitted(becoming(Running, review.model_copy(update=shared)), by)

    def _may_begin(self, app: App, digest: BundleDigest) -> None:
        """Raise before anything is written: a review nobody can run would hold the app's one open place."""
        if app.draft != digest:
            raise NotTheDraft(f"the draft of {app.app_id} is not the bundle that was submitted")
        app.advanced(Trigger.SUBMITTED)

    def _submitted(self, review: Running, by: Actor) -> Review:
        try:
            facts = {"attempt": review.attempt, "source": review.origin.model_dump(mode="json")}
            return self.save(review, "submitted", facts, by=by)
        except StaleVersion:
            same = self._store.find(review.review_id)
            if same is None or same.attempt < review.attempt:
                raise AnotherReviewOpen(f"another version of {review.app_id} is being reviewed") from None
            return same

    def _run(self, review: Review, by: Actor) -> bool:
        """The app's state first, then the run; each happens once however often this is called."""
        if isinstance(review, Running):
            self.move(StepInput.of(review), Trigger.SUBMITTED, by)
        return self._workflow.start(review)


def event_of(execution: str, fact: str, distinct: str = "") -> EventId:
    """The id of the event `review.<fact>` of one run: whoever knows the run can find it in the ledger."""
    return EventId.of(execution, fact, distinct)


def _ended_for_good(review: Review, app: App, source: GitSource | None) -> bool:
    if isinstance(review, Published):
        return app.in_use == review.bundle_digest
    if isinstance(review, Refused) and review.decided_by is None:
        return _place(review.source) == _place(source)
    return isinstance(review, Ended) and not isinstance(review, (Failed, Expired, Withdrawn))


def _place(source: GitSource | None) -> tuple[str, str, bool] | None:
    return source.place if source else None


class ReviewSettings(Settings):
    """What reviews need besides the catalog."""

    table: str = Field(alias="CATALOG_TABLE")
    machine: str = Field(default="", alias="REVIEW_STATE_MACHINE_ARN")
    apps_url: str = Field(default="", alias="APPS_URL")


@cache
def reviews() -> Reviews:
    """The deployment's reviews, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.audit.outbox import outbox  # noqa: PLC0415

    settings = ReviewSettings.from_env()
    store = ReviewStore(boto3.client("dynamodb"), outbox(), settings.table)
    return Reviews(store, Workflow(boto3.client("stepfunctions"), settings.machine), catalog())
