"""Deployments of the platform itself, as the ledger learns of them: CloudFormation says, whoever deployed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId

if TYPE_CHECKING:
    from appguard.operations.noting.deployed import Deployed

ARRIVED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
CLOUDFORMATION = Actor.system("cloudformation")


class _Status(BaseModel):
    status: Annotated[str, Field(pattern=r"^[A-Z_]{1,64}$")]


class _Detail(BaseModel):
    stack_id: str = Field(
        alias="stack-id", pattern=r"^arn:[\w-]+:cloudformation:[\w:-]*:stack/[\w-]+/[\w-]+$", max_length=512
    )
    status_details: _Status = Field(alias="status-details")


class StackChanged(BaseModel):
    """EventBridge: a stack of the platform came to rest."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=100)
    source: Literal["aws.cloudformation"]
    time: AwareDatetime
    detail: _Detail

    def event(self, now_running: "Deployed") -> AuditEvent:
        """The entry. Who deployed is in CloudTrail, under the time of the entry."""
        status = self.detail.status_details.status
        return AuditEvent.of(
            Action.PLATFORM_DEPLOYED,
            CLOUDFORMATION,
            Resource(type="stack", id=self.detail.stack_id.split("/")[1]),
            self.time,
            event_id=EventId.of(Action.PLATFORM_DEPLOYED, self.id),
            result=Result.SUCCESS if status in ARRIVED else Result.FAILURE,
            status=status,
            version=now_running.version,
            code=now_running.code,
            configuration=now_running.configuration,
        )


@dataclass(frozen=True)
class Deployments:
    """Records that the platform was deployed."""

    record: Callable[[AuditEvent], None]
    now_running: "Deployed"

    def note(self, changed: StackChanged) -> None:
        """Record it, once however often it is told."""
        self.record(changed.event(self.now_running))
