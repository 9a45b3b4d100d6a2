"""A ledger and cursors in memory, and a clock that sleeping moves on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from appguard.audit.reader import Entry
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.siem.model import Batch, DestinationName, Rejection
from tests.support.entries import AT


class FakeLedger:
    """Entries by log; it grows where a test appends."""

    def __init__(self, *entries: Entry) -> None:
        self.logs: dict[RetentionClass, list[Entry]] = {log: [] for log in RetentionClass}
        self.append(*entries)

    def append(self, *entries: Entry) -> None:
        for one in entries:
            assert one.index == len(self.logs[one.log])
            self.logs[one.log].append(one)

    def since(self, log: RetentionClass, first: int) -> Iterator[Entry]:
        return iter(self.logs[log][first:])

    def entry(self, log: RetentionClass, index: int) -> Entry | None:
        return next(iter(self.logs[log][index : index + 1]), None)


@dataclass
class FakeCursors:
    """Remembers every move; `check` sees each before it is made."""

    check: Callable[[Batch, Sequence[Rejection]], None] = lambda batch, refused: None
    at: dict[RetentionClass, int] = field(default_factory=dict)
    busy_until: datetime | None = None
    set_aside: list[Rejection] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)

    def take(self, name: DestinationName, now: datetime, until: datetime) -> bool:
        if self.busy_until and now <= self.busy_until:
            return False
        self.busy_until = until
        return True

    def leave(self, name: DestinationName, rest_until: datetime, state: str) -> None:
        self.busy_until = rest_until

    def position(self, name: DestinationName, log: RetentionClass) -> int:
        return self.at.get(log, 0)

    def advance(
        self,
        name: DestinationName,
        batch: Batch,
        at: datetime,
        refused: Sequence[Rejection],
        because: Sequence[AuditEvent],
    ) -> None:
        if self.position(name, batch.log) != batch.start:
            raise StaleVersion("moved")
        self.check(batch, refused)
        self.at[batch.log] = batch.end
        self.set_aside += refused
        self.events += because


class Time:
    """A clock that sleeping moves on; nobody waits."""

    def __init__(self) -> None:
        self.now = AT + timedelta(days=1)
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
