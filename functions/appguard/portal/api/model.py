"""What programs send to the portal and what they are told, as they are written in its OpenAPI document."""

from typing import Literal

from pydantic import AwareDatetime, Field

from appguard.approvals.model import MAX_COMMENT, ApprovalId, Verdict
from appguard.kernel.ids import AppId
from appguard.kernel.levels import RiskTier
from appguard.kernel.line import Line
from appguard.kernel.record import Record


class Provider(Record):
    """Where a command line signs people in, and as which client."""

    issuer: str
    client_id: str


class Asked(Record):
    """One request that waits for the reader's word; `awaited` says whose word is needed."""

    approval_id: ApprovalId
    app_id: AppId
    app_name: Line
    requester: Line
    tier: RiskTier
    awaited: tuple[Line, ...]
    asked_at: AwareDatetime
    expires_at: AwareDatetime


class Inbox(Record):
    """All that waits for the reader's word, the oldest first."""

    waiting: tuple[Asked, ...]


class Decision(Record):
    """What somebody says to a request."""

    verdict: Verdict
    comment: str = Field(default="", max_length=MAX_COMMENT)


class Heard(Record):
    """That it was heard, and what became of the request: it waits on for those `awaited`, or is decided."""

    approval_id: ApprovalId
    state: Literal["waiting", "approved", "refused"]
    awaited: tuple[Line, ...]


class Problem(Record):
    """What went wrong, and what to do."""

    code: str
    message: str
    remediation: str


class Failure(Record):
    """How every error is told."""

    error: Problem
