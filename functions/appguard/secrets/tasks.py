"""What the keeper of secrets is called for: a step of a review, an app's end, one app, or the clock."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId
from appguard.reviews.model import StepInput


class Provide(StepInput):
    """Step `ProvideLogins` of a review."""


class Withdraw(BaseModel):
    """EventBridge: an app was retired."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["app.retired"] = Field(alias="detail-type")
    detail: AuditEvent

    @property
    def app_id(self) -> AppId:
        """The app that is gone."""
        return AppId(self.detail.resource.id)


class Replace(BaseModel):
    """An operator: replace the secrets of this app now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: AppId


class Due(BaseModel):
    """The schedule: replace what is due."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Literal["aws.scheduler"]


Task = Provide | Withdraw | Replace | Due
TASK: TypeAdapter[Task] = TypeAdapter(Task)
