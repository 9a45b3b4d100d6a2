"""Brings a destination up to date: in order, at least once, never past what it has not taken."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from appguard.audit.reader import Reader
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.siem.backoff import Jitter, at_least, pauses
from appguard.siem.batches import next_batch, still_gathers
from appguard.siem.destination import Destination
from appguard.siem.errors import Away, Refused
from appguard.siem.events import rejected
from appguard.siem.lag import lags
from appguard.siem.model import Batch, DestinationName, Message, Outcome, Progress, Rejection

LAST_WORDS = timedelta(seconds=150)
"""What a run may take beyond its end for the request it is in; its function must live that long."""
ALL_OF = 10
"""Where none of so many is taken, they are not to blame."""


class Cursors(Protocol):
    """How far each destination is, and who works on it."""

    def take(self, name: DestinationName, now: datetime, until: datetime) -> bool:
        """Become the one run that delivers there until then; False while one does, or it is to rest."""
        ...

    def leave(self, name: DestinationName, rest_until: datetime, state: str) -> None:
        """Let others, none before `rest_until`; `state` says how this run ended."""
        ...

    def position(self, name: DestinationName, log: RetentionClass) -> int:
        """The first entry that has not arrived."""
        ...

    def advance(
        self,
        name: DestinationName,
        batch: Batch,
        at: datetime,
        refused: Sequence[Rejection],
        because: Sequence[AuditEvent],
    ) -> None:
        """All of `batch` has arrived but what was `refused`, which is set aside. Raises `StaleVersion`."""
        ...


@dataclass(frozen=True)
class Delivery:
    """One destination, the ledger, and how far it is. `connect` may fail as the destination itself may."""

    name: DestinationName
    connect: Callable[[], Destination]
    ledger: Reader
    cursors: Cursors
    clock: Clock = utc_now
    sleep: Callable[[float], None] = time.sleep
    jitter: Jitter = lambda most: random.uniform(0, most)  # noqa: S311 - pauses, not secrets

    def run(self, until: datetime) -> Progress:
        """Deliver what is there, log by log, and stop in time before `until`."""
        progress = Progress(self.name)
        if self.cursors.take(self.name, self.clock(), until + LAST_WORDS):
            self._catch_up_all(until, progress)
        else:
            progress.state = "resting"
        progress.lag = lags(self.ledger, self._position, self.clock())
        return progress

    def _catch_up_all(self, until: datetime, progress: Progress) -> None:
        """Every log; the first that does not get through ends it, for all go to the same place."""
        rest_until = self.clock()
        try:
            destination = self.connect()
            for log in RetentionClass:
                self._catch_up(destination, log, until, progress)
        except Away as away:
            progress.state, progress.trouble = away.code, away.message
            rest_until = self.clock() + timedelta(seconds=at_least(0.0, away.retry_after))
        except AppGuardError as problem:  # nothing is lost by it; state and lag tell
            progress.state, progress.trouble = problem.code, problem.message
        finally:
            self.cursors.leave(self.name, rest_until, progress.said)

    def _catch_up(
        self, destination: Destination, log: RetentionClass, until: datetime, progress: Progress
    ) -> None:
        start, limits = self._position(log), destination.limits
        while self.clock() < until:
            batch = next_batch(self.ledger.since(log, start), log, start, limits)
            if batch.end == start or still_gathers(batch, limits, self.clock()):
                return
            refused = [*batch.unreadable, *self._deliver(destination, batch, until)]
            now = self.clock()
            self.cursors.advance(self.name, batch, now, refused, rejected(self.name, batch, refused, now))
            progress.delivered += batch.end - start - len(refused)
            progress.rejected += len(refused)
            start = batch.end

    def _position(self, log: RetentionClass) -> int:
        return self.cursors.position(self.name, log)

    def _deliver(self, destination: Destination, batch: Batch, until: datetime) -> list[Rejection]:
        """Send until every message is taken or rejected; raises `Away` when time or patience ends first."""
        left, refused = batch.messages, list[Rejection]()
        waits = pauses(self.jitter)
        while left:
            outcome = _attempt(destination, batch, left)
            refused += outcome.rejected
            left = outcome.again
            if left:
                self._wait(next(waits, None), outcome, until)
        if len(refused) == len(batch.messages) >= ALL_OF:
            raise Refused(f"the destination takes none of {len(refused)} entries ({refused[0].code})")
        return refused

    def _wait(self, pause: float | None, outcome: Outcome, until: datetime) -> None:
        """Before the same again; raises `Away` when it was the last time or no time is left for another."""
        seconds = at_least(pause or 0.0, outcome.retry_after)
        if pause is None or self.clock() + timedelta(seconds=seconds) >= until:
            raise Away(outcome.trouble, outcome.retry_after)
        self.sleep(seconds)


def _attempt(destination: Destination, batch: Batch, left: Sequence[Message]) -> Outcome:
    try:
        return destination.send(batch.log, batch.start, left)
    except Away as away:
        return Outcome(again=left, retry_after=away.retry_after, trouble=away.message)
