"""A sorted list cut into pages that stay where they are while apps come and go."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from appguard.apps.card import Card
from appguard.kernel.errors import Invalid
from appguard.kernel.ids import AppId
from appguard.kernel.levels import RiskTier

PAGE = 24
RANK = 120
LONGEST = RANK + 41
"""An id has at most 40 characters."""


class Order(StrEnum):
    """How a list is sorted, by its name in addresses."""

    NAME = "name"
    NEWEST = "newest"
    CHANGED = "changed"
    ENDING = "ending"
    RISK = "risk"


class Place(NamedTuple):
    """Where an app stands in a sorted list. As text it is a cursor: it counts though the app be gone."""

    rank: str
    app_id: str

    def __str__(self) -> str:
        """`<app id>.<rank>`; no id has a dot."""
        return f"{self.app_id}.{self.rank}"

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """The place a cursor names; raises `Invalid`."""
        app_id, dot, rank = cursor.partition(".")
        try:
            known = AppId(app_id)
        except ValueError:
            known = None
        if known is None or not dot or len(cursor) > LONGEST:
            raise Invalid("This is not where a page of the list ended", "Begin at the first page.")
        return cls(rank, known)


def _latest_first(at: datetime | None) -> str:
    """The later, the smaller; what has no moment stands last."""
    return f"{10**16 - round(at.astimezone(UTC).timestamp() * 10**6) if at else 10**16:017d}"


_RISK = {tier: str(len(RiskTier) - tier.rank) for tier in RiskTier}
_RANKS: Mapping[Order, Callable[[Card], str]] = {
    Order.NAME: lambda card: "",
    Order.NEWEST: lambda card: _latest_first(card.published),
    Order.CHANGED: lambda card: _latest_first(card.changed),
    Order.ENDING: lambda card: str(card.retires or date.max),
    Order.RISK: lambda card: _RISK[card.tier] if card.tier else "9",
}


@dataclass(frozen=True)
class Page:
    """Some apps of a list, where they stand in it, and the cursors of the pages beside it."""

    cards: list[Card]
    first: int
    total: int
    before: str | None
    """Cursor of the page before; empty for the list's beginning, None where this is it."""
    after: str | None


def page(cards: Iterable[Card], order: Order, after: Place | None) -> Page:
    """The `PAGE` apps that follow `after`. Of equal rank, names decide."""
    rank = _RANKS[order]

    def place(card: Card) -> Place:
        return Place(f"{rank(card)}{card.name.casefold()}"[:RANK], card.app_id)

    ordered = sorted(cards, key=place)
    start = bisect_right(ordered, after, key=place) if after else 0
    shown = ordered[start : start + PAGE]
    return Page(
        cards=shown,
        first=start + 1,
        total=len(ordered),
        before=None if start == 0 else str(place(ordered[start - PAGE - 1])) if start > PAGE else "",
        after=str(place(shown[-1])) if start + PAGE < len(ordered) else None,
    )
