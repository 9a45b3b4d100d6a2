"""How often one user of an app may ask a connector in a minute, counted where every process sees it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from appguard.connectors.budgets.budget import Counters
from appguard.connectors.errors import TooManyCalls
from appguard.connectors.source import Identity
from appguard.kernel.ids import ConnectorName

KEPT = timedelta(minutes=5)


@dataclass(frozen=True)
class Pace:
    """Counts calls by the minute of the clock, before the source is asked.

    In one such minute never more than the limit, in any sixty seconds never more than twice as many.
    Nothing is reserved ahead as rows are: limits are small, and what many processes reserved would be
    refused to the very person it was reserved for.
    """

    counters: Counters

    def step(self, connector: ConnectorName, who: Identity, per_minute: int | None, now: datetime) -> None:
        """Count one call; raises `TooManyCalls`, or `Unavailable` when it cannot be counted.

        Where a connector sets no limit, nothing is counted.
        """
        if per_minute is None:
            return
        if not self.counters.take(minute_of(connector, who, now), 1, per_minute, now + KEPT):
            raise TooManyCalls(f"more than {per_minute} calls in a minute")


def minute_of(connector: ConnectorName, who: Identity, now: datetime) -> str:
    """The counter of a minute: a digest, for counters need not know people."""
    person = hashlib.sha256(chr(0).join((connector, who.app_id, who.email)).encode()).hexdigest()
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M}#{person}"
