"""The words of delivery: where to, what at once, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import EventId


class DestinationName(StrEnum):
    """Each has a function, a role, a secret and a cursor of its own."""

    SPLUNK = "splunk"
    OPENSEARCH = "opensearch"
    LAKE = "lake"


@dataclass(frozen=True)
class Message:
    """An entry of the ledger, ready to be sent. `event_id` is by what a receiver tells a repetition."""

    index: int
    event_id: EventId
    at: datetime
    class_uid: int
    action: str
    text: bytes
    """The OCSF event as JSON."""


@dataclass(frozen=True)
class Rejection:
    """An entry that will not be taken however often it is sent, and the receiver's code for why."""

    index: int
    event_id: str
    code: str
    action: str = ""


@dataclass(frozen=True)
class Limits:
    """How much goes at once, and for how long entries may gather until it is that much."""

    entries: int
    bytes: int
    gather: timedelta = timedelta(0)


@dataclass(frozen=True)
class Batch:
    """The entries from `start` up to, not including, `end`: messages, and those that cannot be read."""

    log: RetentionClass
    start: int
    end: int
    messages: Sequence[Message]
    unreadable: Sequence[Rejection] = ()
    full: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a destination did with messages: those named nowhere here are acknowledged."""

    rejected: Sequence[Rejection] = ()
    again: Sequence[Message] = ()
    """Not taken this time."""
    retry_after: float | None = None
    trouble: str = "the destination does not take everything"
    """Why some has to be sent again."""


@dataclass
class Progress:
    """What one run did. `state` is `done`, or why it ended before, with what was in the way."""

    destination: DestinationName
    state: str = "done"
    trouble: str = ""
    delivered: int = 0
    rejected: int = 0
    lag: dict[str, float] = field(default_factory=dict)
    """For each log the age in seconds of the oldest entry that has not arrived; 0 when all have."""

    @property
    def said(self) -> str:
        """How it ended, in a line for people."""
        return f"{self.state}: {self.trouble}" if self.trouble else self.state
