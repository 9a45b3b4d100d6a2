"""Brings a destination up to date: in order, at least once, never past what it has not taken."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from appguard.audit.reader import Reader
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import AuditEvent, RetentionClass
from appguard.siem.backoff import Jitter, at_least, pauses
from appguard.siem.batches import next_batch, still_gathers
from appguard.siem.destination import Destination
from appguard.siem.errors import Away, Refused
from appguard.siem.events import rejected
from appguard.siem.lag import lags
from appguard.siem.model import Batch, DestinationName, Message, Outcome, Progress, Rejection

LAST_WORDS = timedelta(seconds=60)
"""What a run may take beyond its end for the request it is in; its function must live that long."""
ALL_OF = 10
"""Where none of so many is taken, they are not to blame."""


class Cursors(Protocol):
    """How far each destination is, and who works on it."""

    def take(self, name: DestinationName, now: datetime, until: datetime) -> bool:
        """Become the one run that delivers there until then; False while one does, or it is to rest."""
        ...

    def leave(self, name: DestinationName, rest_until: datetime, state: str) -> None:
        """Let others, none before `rest_until`; `state` is how this run ended."""
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
    """One destination, the ledger, and how far it is."""

    destination: Destination
    ledger: Reader
    cursors: Cursors
    clock: Clock = utc_now
    sleep: Callable[[float], None] = time.sleep
    jitter: Jitter = lambda most: random.uniform(0, most)  # noqa: S311 - pauses, not secrets

    def run(self, until: datetime) -> Progress:
        """Deliver what is there, log by log, and stop in time before `until`."""
        name = self.destination.name
        progress = Progress(name)
        if self.cursors.take(name, self.clock(), until + LAST_WORDS):
            self._catch_up_all(until, progress)
        else:
            progress.state = "resting"
        progress.lag = lags(self.ledger, lambda log: self.cursors.position(name, log), self.clock())
        return progress

    def _catch_up_all(self, until: datetime, progress: Progress) -> None:
        """Every log; the first that does not get through ends it, for all go to the same place."""
        rest_until = self.clock()
        try:
            for log in RetentionClass:
                self._catch_up(log, until, progress)
        except Away as away:
            progress.state = away.code
            rest_until = self.clock() + timedelta(seconds=at_least(0.0, away.retry_after))
        except (Refused, StaleVersion) as problem:
            progress.state = problem.code
        finally:
            self.cursors.leave(progress.destination, rest_until, progress.state)

    def _catch_up(self, log: RetentionClass, until: datetime, progress: Progress) -> None:
        name, limits = self.destination.name, self.destination.limits
        start = self.cursors.position(name, log)
        while self.clock() < until:
            batch = next_batch(self.ledger.since(log, start), log, start, limits)
            if batch.end == start or still_gathers(batch, limits, self.clock()):
                return
            refused = [*batch.unreadable, *self._deliver(batch, until)]
            now = self.clock()
            self.cursors.advance(name, batch, now, refused, rejected(name, batch, refused, now))
            progress.delivered += batch.end - start - len(refused)
            progress.rejected += len(refused)
            start = batch.end

    def _deliver(self, batch: Batch, until: datetime) -> list[Rejection]:
        """Send until every message is taken or rejected; raises `Away` when time or patience ends first."""
        left, refused = batch.messages, list[Rejection]()
        waits = pauses(self.jitter)
        while left:
            outcome = self._attempt(batch, left)
            refused += outcome.rejected
            left = outcome.again
            if left:
                self._wait(next(waits, None), outcome.retry_after, until)
        if len(refused) == len(batch.messages) >= ALL_OF:
            raise Refused(f"the destination takes none of {len(refused)} entries ({refused[0].code})")
        return refused

    def _attempt(self, batch: Batch, left: Sequence[Message]) -> Outcome:
        try:
            return self.destination.send(batch.log, batch.start, left)
        except Away as away:
            return Outcome(again=left, retry_after=away.retry_after)

    def _wait(self, pause: float | None, asked: float | None, until: datetime) -> None:
        if pause is None:
            raise Away("the destination does not take what it is sent", asked)
        seconds = at_least(pause, asked)
        if self.clock() + timedelta(seconds=seconds) >= until:
            raise Away("the destination asks for more time than this run has", asked)
        self.sleep(seconds)
