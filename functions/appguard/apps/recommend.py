"""Which template fits what a requester writes: by the words of its description, pages and connectors.

The same words give the same answer everywhere, without network. A language model may rank instead
(`Ranker`); it chooses among the templates there are or is not heard, and decides nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import log
from typing import NamedTuple, Protocol

from appguard.apps.manifest import Intent, Metadata
from appguard.apps.templates import AppTemplate, start, templates
from appguard.connectors.registry import registry
from appguard.kernel.levels import DataClass

_WORD = re.compile(r"[a-zà-öø-ÿ]{3,}")
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "y", "e")
_SHORTEST = 3
_CURATED = 4
# fmt: off
_COMMON = frozenset({
    "and", "are", "can", "for", "from", "has", "have", "her", "his", "how", "instead", "into", "its",
    "our", "out", "over", "own", "sees", "that", "the", "their", "them", "they", "this", "today", "use",
    "used", "using", "want", "what", "when", "where", "which", "who", "will", "with", "without", "you",
    "your", "app", "apps", "need", "needs", "list", "lists", "show", "shows", "people", "person",
    "company", "employee", "everybody", "each", "other", "one",
})
# fmt: on


class Suggestion(NamedTuple):
    """A template, and why it is suggested."""

    template: AppTemplate
    reason: str


class Ranker(Protocol):
    """Chooses one of the templates for a purpose; what it answers may be anything."""

    def choose(self, purpose: str, offered: Sequence[AppTemplate]) -> str | None:
        """The name of a template, or None."""


def recommend(
    purpose: str, data_class: DataClass | None = None, ranker: Ranker | None = None
) -> Suggestion | None:
    """The template that fits best, with the reason; None when nothing in the text points to one."""
    if ranker and purpose.strip():
        named = ranker.choose(purpose, list(templates().values()))
        if named is not None and named in templates():
            return Suggestion(templates()[named], "A language model found it nearest to what you wrote.")
    found = {name: _matches(purpose, weights) for name, weights in _index().items()}
    best = max(found, key=lambda name: sum(found[name].values()) * _fit(name, data_class), default=None)
    if best is None or not found[best]:
        return None
    said = sorted(found[best], key=lambda word: (-found[best][word], word))[:4]
    reason = f"You wrote {_listed(said)}."
    if data_class is templates()[best].data_class:
        reason += f" It is made for {data_class.value} data, as you chose."
    return Suggestion(templates()[best], reason)


def _fit(name: str, chosen: DataClass | None) -> float:
    """A template made for the chosen class is nearer; one made for a more sensitive class is further."""
    made_for = templates()[name].data_class
    if chosen is None:
        return 1.0
    return 1.5 if made_for is chosen else 0.75 if made_for > chosen else 1.0


def _matches(purpose: str, weights: Mapping[str, float]) -> dict[str, float]:
    """The words of the purpose that the template knows, as they were written, and their weight."""
    return {word: weights[_stem(word)] for word in _words(purpose) if weights.get(_stem(word))}


@cache
def _index() -> Mapping[str, Mapping[str, float]]:
    """For each template its word stems and their TF-IDF weights; what all templates say weighs nothing."""
    counted = {name: _counted(template) for name, template in templates().items()}
    documents = Counter(stem for stems in counted.values() for stem in stems)
    return {
        name: {stem: (1 + log(count)) * log(len(counted) / documents[stem]) for stem, count in stems.items()}
        for name, stems in counted.items()
    }


def _counted(template: AppTemplate) -> Counter[str]:
    stems = Counter(_stem(word) for text in _texts(template) for word in _words(text))
    stems.update({_stem(word): _CURATED for word in template.suits})
    return stems


def _texts(template: AppTemplate) -> Iterator[str]:
    """What the template says of itself, and what its connectors call the data it reaches."""
    yield from (template.title, template.description)
    about = {"id": "any-app", "name": "Any", "description": "Any.", "owner": "any@example.com", "team": "Any"}
    intent = Intent(purpose="Any purpose.", users=template.users, data_class=template.data_class)
    manifest = start(template.name, Metadata.model_validate(about), intent).manifest()
    yield from (page.title for page in manifest.pages)
    for use in manifest.connectors:
        if connector := registry().get(use.name):
            yield connector.title
            yield from (connector.queries[name].title for name in use.queries if name in connector.queries)
            yield from (connector.commands[name].title for name in use.commands if name in connector.commands)


def _words(text: str) -> Iterator[str]:
    return (word for word in dict.fromkeys(_WORD.findall(text.casefold())) if word not in _COMMON)


def _stem(word: str) -> str:
    """The word without a common English ending: `holidays` and `holiday` are one."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), "")
    return word.removesuffix(ending)


def _listed(words: Iterable[str]) -> str:
    *most, last = (f"“{word}”" for word in words)
    return f"{', '.join(most)} and {last}" if most else last
