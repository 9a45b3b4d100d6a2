"""The languages of the portal, and which of them a reader is served."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NamedTuple

from appguard.kernel.phrase import Phrase

LOCALE = Path(__file__).parent / "locale"


class Language(NamedTuple):
    """A language by its own name, and how it writes numbers."""

    name: str
    thousands: str
    decimal: str


LANGUAGES = {
    "en": Language("English", ",", "."),
    "de": Language("Deutsch", ".", ","),
}
ENGLISH = "en"
"""What the texts are written in, and what speakers of no language above are served."""


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of `language`; English is its own."""
    if language == ENGLISH:
        return NullTranslations()
    with (LOCALE / language / "LC_MESSAGES" / "portal.mo").open("rb") as file:
        return GNUTranslations(file)


def said(text: str, language: str) -> str:
    """`text` in `language`, as far as the catalogue has it; a `Phrase` with its values filled in."""
    if isinstance(text, Phrase):
        return translations(language).gettext(text.text).format_map(text.values)
    return translations(language).gettext(text) if text else text


def best_of(accepted: str) -> str:
    """The language an `Accept-Language` header likes best of those there are (RFC 9110, 12.5.4)."""
    wishes = [_wish(each) for each in accepted[:1_000].split(",")]
    liked = [(weight, language) for weight, language in wishes if weight > 0 and language in LANGUAGES]
    return max(liked, key=lambda wish: wish[0])[1] if liked else ENGLISH


def _wish(part: str) -> tuple[float, str]:
    """`de-AT;q=0.8` as its weight and its language; what cannot be read weighs nothing."""
    tag, _, weight = part.partition(";q=")
    try:
        return float(weight or 1), tag.strip().lower().partition("-")[0]
    except ValueError:
        return 0, ""
