"""The catalog: which apps there are, by words, by what they are like, and in an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from appguard.apps.card import Card
from appguard.apps.catalog import catalog
from appguard.apps.facets import Facet, narrow
from appguard.apps.lifecycle import State
from appguard.apps.pages import Order, Place, page
from appguard.kernel.errors import Invalid
from appguard.portal import render
from appguard.portal.access import READERS
from appguard.portal.facet_words import LABELS, label
from appguard.portal.http import Reply, Request

MOST_WORDS, LONGEST = 8, 100
ANY = "any"
SHOWN, MOST_CHOICES = 8, 60
"""Choices of a facet that are seen at once, and those that are there at all; the rest is searched for."""


class Choice(NamedTuple):
    """One value of a facet: what it is called, how many apps it leaves, and where it leads."""

    label: str
    apps: int
    address: str
    chosen: bool


class Group(NamedTuple):
    """A facet with its choices; `remove` leads to the list without the one that is chosen."""

    label: str
    choices: list[Choice]
    more: list[Choice]
    remove: str | None


@dataclass(frozen=True)
class Asked:
    """What an address of the catalog asks for."""

    words: str
    order: Order
    chosen: dict[Facet, str]

    def address(self, facet: Facet | None = None, value: str | None = None, after: str | None = None) -> str:
        """The address that asks the same, with another value of one facet or on another page."""
        asked = {"q": self.words, "sort": self.order if self.order is not Order.NAME else ""}
        asked |= {str(each): one for each, one in self.chosen.items()}
        if facet:
            asked[facet] = value or (ANY if facet is Facet.STATE else "")
        if asked.get(Facet.STATE) == State.ACTIVE:
            del asked[Facet.STATE]
        asked["after"] = after or ""
        query = urlencode({name: one for name, one in asked.items() if one})
        return f"/catalog?{query}" if query else "/catalog"


def show(request: Request) -> Reply:
    """Published apps; those who watch over apps may also look at every other state."""
    asked, oversees = _asked(request), request.is_any(READERS)
    visible = (card for card in catalog().cards() if oversees or card.state is State.ACTIVE)
    found = narrow(_with_words(visible, asked.words), _narrowing(asked))
    after = request.query.get("after", "")
    shown = page(found.cards, asked.order, Place.read(after) if after else None)
    return render.page(
        "_catalog_results.html" if request.partial else "catalog.html",
        request,
        asked=asked,
        orders=list(Order),
        narrowed=bool(asked.words or asked.chosen != {Facet.STATE: State.ACTIVE}),
        found=shown,
        groups=[
            group
            for facet in Facet
            if (oversees or facet is not Facet.STATE) and (group := _group(asked, facet, found.counts[facet]))
        ],
        earlier=None if shown.before is None else asked.address(after=shown.before),
        later=shown.after and asked.address(after=shown.after),
    )


def _asked(request: Request) -> Asked:
    """What can be read of the address; a value nobody offered is one that no app has."""
    given = {facet: request.query.get(facet, "").strip()[:LONGEST] for facet in Facet}
    state = given[Facet.STATE]
    if not (request.is_any(READERS) and (state == ANY or state in set(State))):
        given[Facet.STATE] = State.ACTIVE
    order = request.query.get("sort", "")
    return Asked(
        words=request.query.get("q", "").strip()[:LONGEST],
        order=Order(order) if order in set(Order) else Order.NAME,
        chosen={facet: value for facet, value in given.items() if value},
    )


def _narrowing(asked: Asked) -> dict[Facet, str]:
    return {facet: value for facet, value in asked.chosen.items() if value != ANY}


def _with_words(cards: Iterable[Card], words: str) -> list[Card]:
    """The cards in which every word stands."""
    wanted = words.casefold().split()
    if len(wanted) > MOST_WORDS:
        raise Invalid(f"More than {MOST_WORDS} words are looked for", "Search with fewer words.")
    return [card for card in cards if all(word in card.words for word in wanted)]


def _group(asked: Asked, facet: Facet, counts: dict[str, int]) -> Group | None:
    """The choices of a facet, the most frequent first; None where there is nothing to choose."""
    chosen = asked.chosen.get(facet, "")
    chosen = "" if chosen == ANY else chosen
    if chosen and chosen not in counts:
        counts = {chosen: 0, **counts}
    if len(counts) < 2 and not chosen:  # noqa: PLR2004 - one choice is none
        return None
    ranked = sorted(counts, key=lambda value: (value != chosen, -counts[value], value.casefold()))
    choices = [
        Choice(label(facet, value), counts[value], asked.address(facet, value), value == chosen)
        for value in ranked[:MOST_CHOICES]
    ]
    remove = asked.address(facet) if chosen else None
    return Group(LABELS[facet], choices[:SHOWN], choices[SHOWN:], remove)
