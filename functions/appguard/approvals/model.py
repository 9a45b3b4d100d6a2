"""An approval: the decision of named people on one bundle, discriminated on its state."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId, BundleDigest, PersonId, ReviewId
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record
from appguard.reviews.model import Withdrawal

EXPIRES_AFTER = timedelta(days=7)
"""Shorter than the state machine waits, so that no decision arrives at a machine that has given up."""

MAX_COMMENT = 2000
_ID = re.compile(r"apr-[0-9a-f]{64}")
ApprovalId = Annotated[str, StringConstraints(pattern=f"^{_ID.pattern}$")]


class Verdict(StrEnum):
    """What a reviewer says."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Seat(Record):
    """How many people of a role have to approve."""

    role: Role
    count: int = Field(default=1, ge=1, le=5)


class Voice(Record):
    """What one person said, and the seats they may take by saying it.

    `on_behalf_of` is who was away and had named them.
    """

    by: PersonId
    on_behalf_of: PersonId | None = None
    takes: tuple[Role, ...] = Field(min_length=1)
    verdict: Verdict
    at: AwareDatetime
    comment: str = Field(default="", max_length=MAX_COMMENT)

    @property
    def people(self) -> frozenset[str]:
        """Whose one seat this is: the speaker's, and that of whom they speak for."""
        return frozenset({self.by, self.on_behalf_of or self.by})

    @property
    def actor(self) -> Actor:
        """Who speaks, in the first of the seats they may take."""
        return Actor(id=self.by, role=self.takes[0])


class ApprovalBase(Record):
    """What every approval has. Neither its locator nor the task token is part of it.

    `policy` is the digest of the rules that made the `seats`; `makers` are those who were known at asking
    to have a part in the bundle, so that lists need not look again.
    """

    approval_id: ApprovalId
    review_id: ReviewId
    app_id: AppId
    app_name: str
    bundle_digest: BundleDigest
    evidence_digest: str
    execution: str
    requester: PersonId
    makers: frozenset[str]
    tier: RiskTier
    seats: tuple[Seat, ...] = Field(min_length=1)
    policy: str
    voices: tuple[Voice, ...] = ()
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    version: int = Field(default=0, ge=0)


class Waiting(ApprovalBase):
    """A seat is empty, and nobody has refused. At `nudge_at` those who have not spoken are told again."""

    state: Literal["waiting"] = "waiting"
    nudge_at: AwareDatetime | None
    reminded_at: AwareDatetime | None = None
    escalated_at: AwareDatetime | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the time to decide is over."""
        return now >= self.expires_at


class Decided(ApprovalBase):
    """The last voice decided: it refused, or it took the last seat. Once, and for this bundle only."""

    state: Literal["approved", "refused"]
    voices: tuple[Voice, ...] = Field(min_length=1)

    @property
    def last(self) -> Voice:
        """The voice that decided."""
        return self.voices[-1]

    @property
    def decided_by(self) -> PersonId:
        """Who spoke last."""
        return self.last.by

    @property
    def decided_at(self) -> datetime:
        """When the last voice was heard."""
        return self.last.at

    @property
    def comment(self) -> str:
        """What the last voice had to say."""
        return self.last.comment


class Superseded(ApprovalBase):
    """A newer request, or the end of the review, took its place."""

    state: Literal["superseded"] = "superseded"
    superseded_at: AwareDatetime


class Withdrawn(ApprovalBase):
    """Whoever asked takes it back, or has changed what they asked about."""

    state: Literal["withdrawn"] = "withdrawn"
    withdrawn_at: AwareDatetime
    withdrawn_by: str
    why: Withdrawal


Approval = Annotated[Waiting | Decided | Superseded | Withdrawn, Field(discriminator="state")]
APPROVAL: TypeAdapter[Approval] = TypeAdapter(Approval)
A = TypeVar("A", bound=ApprovalBase)


def becoming(kind: type[A], approval: ApprovalBase, **facts: Any) -> A:
    """`approval` in another state: what all states share is kept, the rest is given."""
    shared = {name: getattr(approval, name) for name in ApprovalBase.model_fields}
    return kind.model_validate({**shared, **facts})


def new_locator() -> str:
    """256 random bits for a link. It finds an approval; it does not allow to decide it."""
    return secrets.token_urlsafe(32)


def approval_id(ref: str) -> str:
    """The id of the approval that `ref`, a locator or an id already, stands for. Only the hash is stored."""
    return ref if _ID.fullmatch(ref) else "apr-" + hashlib.sha256(ref.encode()).hexdigest()
