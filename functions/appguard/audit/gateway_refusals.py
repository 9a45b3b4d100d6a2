"""Requests that API Gateway refused before a function of ours ran: from its access log into the ledger.

Anybody can send unsigned requests, as many as they like, so what the ledger takes is bounded: sources
share `SLOTS` slots, and each slot is one entry a minute at most. The log itself keeps every request.
"""

import gzip
import hashlib
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, Json, model_validator
from pydantic.alias_generators import to_camel

from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.kernel.ids import EventId

SLOTS = 64
UNKNOWN = "unknown"
_ARN = re.compile(r"arn:[\w-]+:(iam|sts)::[0-9]{12}:[\w+=,.@/-]{1,200}")
_SHORTENED = {4: 24, 6: 48}
"""How much of an address enters an entry nobody can delete; the whole stands in the log, for three months."""


def _caller(value: Any) -> str:
    """Whose credentials these were, without the name of the session, which callers choose."""
    if not isinstance(value, str) or not _ARN.fullmatch(value):
        return UNKNOWN
    return "/".join(value.split("/")[:2]) if ":assumed-role/" in value else value


def _network(value: Any) -> str:
    try:
        whole = ip_network(value)
    except ValueError:
        return UNKNOWN
    return str(whole.supernet(new_prefix=_SHORTENED[whole.version]))


def _unpacked(value: Any) -> bytes:
    """What CloudWatch Logs sends: JSON, gzipped, in base64."""
    return gzip.decompress(b64decode(value, validate=True))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class _Request(_Part):
    """One line of the access log, as `infra.constructs.http_api` has it written."""

    request_id: str = Field(pattern=r"^[\w=+/-]{1,64}$")
    route: str = Field(pattern=r"^[\w$/{}+ -]{1,200}$")
    status: str = Field(pattern=r"^4\d\d$")
    caller: Annotated[str, BeforeValidator(_caller)]
    network: Annotated[str, BeforeValidator(_network)] = Field(alias="ip")


class Refused(_Part):
    """One request the gateway refused, and when."""

    timestamp: AwareDatetime
    message: Json[_Request]

    @property
    def minute(self) -> str:
        """In which minute."""
        return self.timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")

    @property
    def source(self) -> str:
        """Where it came from: whose credentials, else from which network."""
        return self.message.network if self.message.caller == UNKNOWN else self.message.caller

    @property
    def slot(self) -> int:
        """Which sources it shares its entry with."""
        return hashlib.sha256(self.source.encode()).digest()[0] % SLOTS


class _Lines(_Part):
    log_events: tuple[Refused, ...]

    @model_validator(mode="before")
    @classmethod
    def _a_check_of_the_destination_has_no_lines(cls, value: Any) -> Any:
        control = isinstance(value, dict) and value.get("messageType") == "CONTROL_MESSAGE"
        return {"logEvents": []} if control else value


class _Packed(_Part):
    data: Annotated[Json[_Lines], BeforeValidator(_unpacked)]


class Delivery(_Part):
    """What a subscription filter hands to a function."""

    awslogs: _Packed

    @property
    def refused(self) -> Sequence[Refused]:
        """The requests in it."""
        return self.awslogs.data.log_events


def entries(refused: Iterable[Refused]) -> Iterator[AuditEvent]:
    """The first refusal of each minute and slot, with how many this delivery brought.

    A later delivery of the same minute finds the entry there and adds nothing, and so does a retry.
    """
    groups: dict[tuple[str, int], list[Refused]] = {}
    for one in sorted(refused, key=lambda one: (one.timestamp, one.message.request_id)):
        groups.setdefault((one.minute, one.slot), []).append(one)
    for (minute, slot), group in groups.items():
        yield _entry(minute, slot, group)


def _entry(minute: str, slot: int, group: Sequence[Refused]) -> AuditEvent:
    first = group[0].message
    return AuditEvent.of(
        Action.ACCESS_DENIED,
        Actor(id=first.caller, role=Role.APP),
        Resource(type="route", id=first.route),
        group[0].timestamp,
        event_id=EventId.of(Action.ACCESS_DENIED, "gateway", minute, str(slot)),
        result=Result.DENIED,
        code="gateway_refused",
        status=int(first.status),
        network=first.network,
        request_id=first.request_id,
        requests=len(group),
        sources=len({one.source for one in group}),
    )
