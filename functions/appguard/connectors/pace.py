"""How often one user of an app may ask a connector."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from appguard.connectors.errors import TooManyCalls
from appguard.connectors.source import Identity
from appguard.kernel.ids import ConnectorName

MINUTE = 60.0
MANY = 10_000


@dataclass(frozen=True)
class Pace:
    """Counts the calls of the last minute that reached this process.

    A brake on loops, near to the caller and free of charge; what holds across processes and a whole
    day must be counted where all of them see it.
    """

    now: Callable[[], float] = time.monotonic
    _calls: dict[tuple[ConnectorName, Identity], deque[float]] = field(default_factory=dict)

    def step(self, connector: ConnectorName, who: Identity, per_minute: int | None) -> None:
        """Count one call; raises `TooManyCalls` when the minute has had its number."""
        if per_minute is None:
            return
        now = self.now()
        if len(self._calls) >= MANY:
            self._forget(now)
        calls = self._calls.setdefault((connector, who), deque())
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= per_minute:
            raise TooManyCalls(f"more than {per_minute} calls in a minute")
        calls.append(now)

    def _forget(self, now: float) -> None:
        """Drop everybody who has not called for a minute."""
        for key in [key for key, calls in self._calls.items() if not calls or now - calls[-1] >= MINUTE]:
            del self._calls[key]
