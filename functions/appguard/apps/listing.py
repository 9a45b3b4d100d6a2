"""All cards in memory, brought up to date with each look by reading what changed since the last one."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from appguard.apps.card import Card
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.ids import AppId

OVERLAP = timedelta(seconds=30)
"""Read again each time: clocks of writers differ, and the index follows its table with a delay."""


class Listing:
    """The cards of all apps. The first look of a process reads them all, each later one only the newest."""

    def __init__(self, since: Callable[[datetime | None], Iterable[Card]], clock: Clock = utc_now) -> None:
        """Read cards by `since`: those changed at a moment or later, or all."""
        self._since, self._clock = since, clock
        self._cards: dict[AppId, Card] = {}
        self._seen: datetime | None = None

    def cards(self) -> Collection[Card]:
        """Every app's card. A change that was written a moment ago may be missing for as long."""
        now = self._clock()
        for card in self._since(self._seen):
            known = self._cards.get(card.app_id)
            if known is None or known.version <= card.version:
                self._cards[card.app_id] = card
        self._seen = now - OVERLAP
        return self._cards.values()
