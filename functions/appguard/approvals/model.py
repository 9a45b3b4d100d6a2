"""An approval: a named person's decision on one bundle, discriminated on its state."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from appguard.kernel.ids import AppId, BundleDigest, PersonId, ReviewId
from appguard.kernel.levels import RiskTier
from appguard.kernel.record import Record

EXPIRES_AFTER = timedelta(days=7)
"""Shorter than the state machine waits, so that no decision arrives at a machine that has given up."""

MAX_COMMENT = 2000
_ID = re.compile(r"apr-[0-9a-f]{64}")
ApprovalId = Annotated[str, StringConstraints(pattern=f"^{_ID.pattern}$")]


class Verdict(StrEnum):
    """What a reviewer says."""

    APPROVE = "approve"
    REFUSE = "refuse"


class ApprovalBase(Record):
    """What every approval has. Neither its locator nor the task token is part of it."""

    approval_id: ApprovalId
    review_id: ReviewId
    app_id: AppId
    app_name: str
    bundle_digest: BundleDigest
    evidence_digest: str
    execution: str
    requester: PersonId
    tier: RiskTier
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    version: int = Field(default=0, ge=0)


class Waiting(ApprovalBase):
    """Nobody has decided."""

    state: Literal["waiting"] = "waiting"

    def expired(self, now: datetime) -> bool:
        """Whether the time to decide is over."""
        return now >= self.expires_at


class Decided(ApprovalBase):
    """A person decided, once and for this bundle only."""

    state: Literal["approved", "refused"]
    decided_by: PersonId
    decided_at: AwareDatetime
    comment: str = Field(default="", max_length=MAX_COMMENT)


class Superseded(ApprovalBase):
    """A newer request, or the end of the review, took its place."""

    state: Literal["superseded"] = "superseded"
    superseded_at: AwareDatetime


Approval = Annotated[Waiting | Decided | Superseded, Field(discriminator="state")]
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
