"""The audit event: one fact about who did what to which thing, and how it ended."""

import os
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from appguard.kernel.actions import Action
from appguard.kernel.ids import AppId, BundleDigest, EventId


class Role(StrEnum):
    """In which capacity an actor acts."""

    REQUESTER = "requester"
    EDITOR = "editor"
    OPERATOR = "operator"
    VIEWER = "viewer"
    REVIEWER = "reviewer"
    SECURITY = "security"
    DATA_OWNER = "data_owner"
    AUDITOR = "auditor"
    PLATFORM = "platform"
    EMPLOYEE = "employee"
    APP = "app"
    SYSTEM = "system"


class Result(StrEnum):
    """How the action ended."""

    SUCCESS = "success"
    DENIED = "denied"
    FAILURE = "failure"


class RetentionClass(StrEnum):
    """How long an entry stays under Object Lock; one log per class."""

    ONE_YEAR = "1y"
    THREE_YEARS = "3y"
    SEVEN_YEARS = "7y"

    @property
    def years(self) -> int:
        """Whole years of retention."""
        return int(self.value.removesuffix("y"))


class Actor(BaseModel):
    """Who acted: a person's or function's id, never a display name."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1, max_length=256)
    role: Role

    @classmethod
    def system(cls, function: str) -> Self:
        """A function of the platform acting on schedule or for nobody in particular."""
        return cls(id=function, role=Role.SYSTEM)


class Resource(BaseModel):
    """What was acted upon, e.g. `app leave-request` or `query hr-db/my_requests`."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(min_length=1, max_length=64)
    id: str = Field(min_length=1, max_length=512)


class AuditEvent(BaseModel):
    """An entry-to-be of the ledger. Its `action` is an `Action`; one read here may be of a later version.

    Metadata holds facts, codes, counts and digests; values of business data never.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Literal["appguard.audit/v1"] = Field(default="appguard.audit/v1", alias="schema")
    event_id: EventId
    timestamp: AwareDatetime
    actor: Actor
    action: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=64)
    resource: Resource
    result: Result = Result.SUCCESS
    app_id: AppId | None = None
    bundle_digest: BundleDigest | None = None
    trace_id: str = Field(default="", max_length=128)
    retention_class: RetentionClass = RetentionClass.THREE_YEARS
    metadata: dict[str, JsonValue] = Field(default_factory=dict)

    @classmethod
    def of(
        cls,
        action: Action,
        actor: Actor,
        resource: Resource,
        at: datetime,
        *,
        event_id: EventId | None = None,
        result: Result = Result.SUCCESS,
        app_id: AppId | None = None,
        bundle_digest: BundleDigest | None = None,
        retention_class: RetentionClass = RetentionClass.THREE_YEARS,
        **metadata: JsonValue,
    ) -> Self:
        """An event at `at`. Give `event_id` where a retry must not record the fact twice."""
        return cls(
            event_id=event_id or EventId.new(),
            timestamp=at,
            actor=actor,
            action=Action(action).value,
            resource=resource,
            result=result,
            app_id=app_id,
            bundle_digest=bundle_digest,
            trace_id=current_trace(),
            retention_class=retention_class,
            metadata=metadata,
        )


def current_trace() -> str:
    """The trace id Lambda gave this invocation (`_X_AMZN_TRACE_ID`), or an empty string."""
    return os.environ.get("_X_AMZN_TRACE_ID", "").partition("Root=")[2].partition(";")[0]
