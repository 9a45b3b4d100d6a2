"""A review: one bundle's way from submission to a defined end, discriminated on its state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter

from appguard.kernel.ids import AppId, BundleDigest, PersonId, ReviewId
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record
from appguard.provenance.model import GitSource, PortalSource, Source


class Stage(StrEnum):
    """What a review passes through, in this order."""

    SUBMITTED = "submitted"
    CLASSIFIED = "classified"
    CHECKED = "checked"
    JUDGED = "judged"
    PROVISIONED = "provisioned"
    TESTED = "tested"
    PUBLISHED = "published"


class StepState(StrEnum):
    """How far one stage is."""

    DONE = "done"
    CURRENT = "current"
    FAILED = "failed"
    AHEAD = "ahead"
    SKIPPED = "skipped"


class Step(Record):
    """One line of the progress a requester sees."""

    name: Stage
    state: StepState
    at: AwareDatetime | None = None
    note: str = ""


class RestsOn(Record):
    """The approval by a person that spared asking one again."""

    approval_id: str
    approved_by: PersonId
    approved_at: AwareDatetime


class ReviewBase(Record):
    """What every review has, whatever its state. `version` counts saves, `attempt` runs.

    `replaces` is the version in use when it was submitted: what it is compared with stays the same.
    `source` is absent when it was submitted in the portal.
    """

    review_id: ReviewId
    app_id: AppId
    bundle_digest: BundleDigest
    requester: PersonId
    submitted_at: AwareDatetime
    attempt: int = Field(default=1, ge=1)
    version: int = Field(default=0, ge=0)
    tier: RiskTier | None = None
    replaces: BundleDigest | None = None
    rests_on: RestsOn | None = None
    reached: Mapping[Stage, AwareDatetime] = Field(default_factory=dict)
    source: GitSource | None = None

    @property
    def origin(self) -> PortalSource | GitSource:
        """Where the bundle came from."""
        return self.source or PortalSource(draft=self.bundle_digest)

    @property
    def execution(self) -> str:
        """Name of the state machine's run; the first bears the review's id, so that two cannot start."""
        return self.review_id if self.attempt == 1 else f"{self.review_id}-{self.attempt}"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The progress: what is done, where it stands, what lies ahead or will not come."""
        return tuple(self._step(stage) for stage in Stage)

    def _step(self, stage: Stage) -> Step:
        if at := self.reached.get(stage):
            return Step(name=stage, state=StepState.DONE, at=at)
        at_this = stage == next((s for s in Stage if s not in self.reached), None)
        now, later, note = self._outlook()
        return Step(name=stage, state=now, note=note) if at_this else Step(name=stage, state=later)

    def _outlook(self) -> tuple[StepState, StepState, str]:
        """How the first stage not reached looks, how the ones after it look, and what to say of it."""
        return StepState.CURRENT, StepState.AHEAD, ""


class Ended(ReviewBase):
    """A review that will not go on."""

    ended_at: AwareDatetime

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.FAILED, StepState.SKIPPED, ""


class Running(ReviewBase):
    """The machine is at work."""

    state: Literal["running"] = "running"


class Waiting(ReviewBase):
    """A person is asked."""

    state: Literal["waiting"] = "waiting"
    approval_id: str
    expires_at: AwareDatetime

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.CURRENT, StepState.AHEAD, f"waits for a reviewer until {self.expires_at:%d %B %Y}"


class Approved(ReviewBase):
    """Nothing speaks against publication; `decided_by` is absent when no person had to be asked.

    `attestation` is the SHA-256 of the signed statement about this run; nothing is built before it is there.
    """

    state: Literal["approved"] = "approved"
    approved_at: AwareDatetime
    decided_by: PersonId | None = None
    attestation: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Refused(Ended):
    """By the gates, or by a person with a comment."""

    state: Literal["refused"] = "refused"
    reasons: tuple[str, ...] = Field(min_length=1)
    decided_by: PersonId | None = None

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.FAILED, StepState.SKIPPED, self.reasons[0]


class Expired(Ended):
    """Nobody decided in time."""

    state: Literal["expired"] = "expired"

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.FAILED, StepState.SKIPPED, "nobody decided in time"


class Withdrawal(StrEnum):
    """Why a version is not to be judged any more."""

    ASKED = "asked"
    CHANGED = "changed"


class Withdrawn(Ended):
    """Its requester asks no more, or has changed what was asked about."""

    state: Literal["withdrawn"] = "withdrawn"
    why: Withdrawal

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.FAILED, StepState.SKIPPED, "withdrawn"


class Failed(Ended):
    """A step of ours did not work; submitting the same bundle again starts a new run."""

    state: Literal["failed"] = "failed"
    step: str
    error: str

    def _outlook(self) -> tuple[StepState, StepState, str]:
        return StepState.FAILED, StepState.SKIPPED, f"step {self.step} failed"


class Published(Ended):
    """Employees can use the app."""

    state: Literal["published"] = "published"
    url: str
    decided_by: PersonId | None = None
    attestation: str | None = None


Review = Annotated[
    Running | Waiting | Approved | Refused | Expired | Withdrawn | Failed | Published,
    Field(discriminator="state"),
]
REVIEW: TypeAdapter[Review] = TypeAdapter(Review)
R = TypeVar("R", bound=ReviewBase)


def becoming(kind: type[R], review: ReviewBase, **facts: Any) -> R:
    """`review` in another state: what all states share is kept, the rest is given."""
    shared = {name: getattr(review, name) for name in ReviewBase.model_fields}
    return kind.model_validate({**shared, **facts})


class StepInput(Record):
    """What the state machine hands to every step."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: AppId
    review_id: ReviewId
    bundle_digest: BundleDigest
    execution: str = Field(pattern=r"^rev-[0-9a-f]{24}(-[0-9]+)?$")

    @classmethod
    def of(cls, review: ReviewBase) -> Self:
        """The input of `review`'s current run."""
        return cls(
            app_id=review.app_id,
            review_id=review.review_id,
            bundle_digest=review.bundle_digest,
            execution=review.execution,
        )


class RunInput(StepInput):
    """What the state machine is started with: gates are also told where the bundle came from."""

    source: Source

    @classmethod
    def of(cls, review: ReviewBase) -> Self:
        """The input of `review`'s current run."""
        return cls(**StepInput.of(review).model_dump(), source=review.origin)
