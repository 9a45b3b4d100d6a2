"""How many rows a person takes out through an app in a day, counted where every process sees it.

A process reserves some rows ahead with the write that counts, so that most queries cost no round trip.
What was reserved counts as taken: the limit is never exceeded, and a process that ends takes what it
has left with it, at most `AHEAD` rows or a twentieth of the limit.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import NamedTuple, Protocol

from appguard.connectors.errors import BudgetExceeded
from appguard.kernel.levels import DataClass

AHEAD = 100
SHARE = 20
KEPT = timedelta(days=2)


class Counters(Protocol):
    """What counts for all processes: `budgets.store.CounterTable`."""

    def take(self, key: str, amount: int, most: int, until: datetime) -> bool:
        """Add `amount` to the counter `key` unless it would exceed `most`; it may be forgotten after `until`.

        Raises `Unavailable` when it cannot be said whether it was added.
        """


class Account(NamedTuple):
    """Whose rows are counted together."""

    connector: str
    app_id: str
    email: str
    class_: DataClass

    def on(self, day: date) -> str:
        """The counter of a day: a digest, for counters need not know people."""
        return f"{day}#{hashlib.sha256(chr(0).join(self).encode()).hexdigest()}"


@dataclass
class Budget:
    """Spends from what this process has reserved, and reserves more when that is used up."""

    counters: Counters
    _left: dict[str, int] = field(default_factory=dict)
    _day: date = date.min
    _lock: Lock = field(default_factory=Lock)

    def spend(self, account: Account, rows: int, most: int, now: datetime) -> None:
        """Count an answer of `rows` rows, an empty one as one; raises `BudgetExceeded` or `Unavailable`."""
        day = now.astimezone(UTC).date()
        key, wanted = account.on(day), max(rows, 1)
        drawn = self._draw(day, key, wanted)
        if drawn == wanted:
            return
        try:
            ahead = self._reserve(key, wanted - drawn, most, now + KEPT)
        except Exception:
            self._put_back(key, drawn)
            raise
        if ahead is None:
            self._put_back(key, drawn)
            raise BudgetExceeded(f"more than {most} rows of {account.class_} data in a day")
        self._put_back(key, ahead)

    def _draw(self, day: date, key: str, wanted: int) -> int:
        """Take up to `wanted` rows of what is reserved. What is left of another day counts no more."""
        with self._lock:
            if day != self._day:
                self._left.clear()
                self._day = day
            drawn = min(self._left.get(key, 0), wanted)
            if drawn:
                self._left[key] -= drawn
            return drawn

    def _put_back(self, key: str, rows: int) -> None:
        if rows:
            with self._lock:
                self._left[key] = self._left.get(key, 0) + rows

    def _reserve(self, key: str, rows: int, most: int, until: datetime) -> int | None:
        """Count `rows`, and some more where there is room: how many more, None if there is none at all."""
        ahead = min(AHEAD, most // SHARE)
        if self.counters.take(key, rows + ahead, most, until):
            return ahead
        return 0 if self.counters.take(key, rows, most, until) else None
