"""By what a list of apps can be narrowed, and how many apps each choice would leave."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from appguard.apps.card import Card


class Facet(StrEnum):
    """One question about apps, by its name in addresses."""

    STATE = "state"
    TIER = "tier"
    TEAM = "team"
    CLASS = "class"
    CONNECTOR = "connector"
    TEMPLATE = "template"


VALUES: Mapping[Facet, Callable[[Card], Collection[str]]] = {
    Facet.STATE: lambda card: (card.state,),
    Facet.TIER: lambda card: (card.tier,) if card.tier else (),
    Facet.TEAM: lambda card: (card.team,),
    Facet.CLASS: lambda card: card.classes,
    Facet.CONNECTOR: lambda card: card.connectors,
    Facet.TEMPLATE: lambda card: (card.template.partition("@")[0],) if card.template else (),
}
"""What an app answers to each question; of classes and connectors it may have several, or none."""


@dataclass(frozen=True)
class Narrowed:
    """The apps that fit every choice, and for each facet what could be chosen in place of its choice."""

    cards: list[Card]
    counts: Mapping[Facet, Counter[str]]


def narrow(cards: Iterable[Card], chosen: Mapping[Facet, str]) -> Narrowed:
    """One pass: an app that fits all choices counts everywhere, one that misses one facet counts there."""
    fitting: list[Card] = []
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for card in cards:
        missed = [facet for facet, value in chosen.items() if value not in VALUES[facet](card)]
        if not missed:
            fitting.append(card)
        elif len(missed) == 1:
            counts[missed[0]].update(VALUES[missed[0]](card))
    for facet, value in VALUES.items():
        counts[facet].update(one for card in fitting for one in value(card))
    return Narrowed(fitting, counts)
