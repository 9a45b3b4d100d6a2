"""Functions that failed with nobody waiting: the ledger learns which one and how, never with what."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result
from appguard.kernel.ids import EventId

SYSTEM = Actor.system("operations")
UNNAMED = "unnamed"


class Records(Protocol):
    """Where events are recorded: `audit.outbox.Outbox`."""

    def record(self, *events: AuditEvent) -> None:
        """Each event at most once."""


def _kind(value: Any) -> str:
    """An exception's class; anything else could be prose, and prose could be somebody's data."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z_][\w.]{0,99}", value) else UNNAMED


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class _Context(_Part):
    request_id: str = Field(max_length=100)
    function_arn: str = Field(
        pattern=r"^arn:[\w-]+:lambda:[\w:-]*:function:[\w-]+(:[\w$-]+)?$", max_length=256
    )
    condition: str = Field(pattern=r"^\w{1,64}$")
    approximate_invoke_count: int = Field(ge=0)


class _Payload(_Part):
    error_type: Annotated[str, BeforeValidator(_kind)] = UNNAMED


class FailedInvocation(_Part):
    """What Lambda tells an on-failure destination (its `responsePayload.errorMessage` is left unread)."""

    timestamp: AwareDatetime
    request_context: _Context
    response_payload: _Payload | None = None

    @property
    def function(self) -> str:
        """The function's name."""
        return self.request_context.function_arn.split(":")[6]

    def event(self) -> AuditEvent:
        """The entry: the request id leads to the function's log, where the rest stands."""
        about = self.request_context
        return AuditEvent.of(
            Action.PLATFORM_FAILED,
            SYSTEM,
            Resource(type="function", id=self.function),
            self.timestamp,
            event_id=EventId.of(Action.PLATFORM_FAILED, self.function, about.request_id),
            result=Result.FAILURE,
            condition=about.condition,
            attempts=about.approximate_invoke_count,
            error=self.response_payload.error_type if self.response_payload else UNNAMED,
            request_id=about.request_id,
        )


@dataclass(frozen=True)
class Failures:
    """Records what the queue delivers."""

    outbox: Records

    def note(self, messages: Iterable[tuple[str, str]]) -> list[str]:
        """Record each message (its id and body); returns the ids of those that are no such report."""
        unread = []
        for message, body in messages:
            try:
                failed = FailedInvocation.model_validate_json(body)
            except ValueError:
                unread.append(message)
            else:
                self.outbox.record(failed.event())
        return unread
