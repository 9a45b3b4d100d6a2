"""The catalogues hold every text of today's templates and code, translated and compiled."""

import ast
import io
import string

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from appguard.portal.languages import ENGLISH, LANGUAGES
from infra import translations


@pytest.fixture(scope="module")
def found() -> Catalog:
    return translations.collected()


@pytest.fixture(scope="module", params=translations.languages())
def language(request) -> str:
    return request.param


def test_every_language_on_offer_has_a_catalogue_and_no_other_has():
    assert {ENGLISH, *translations.languages()} == LANGUAGES.keys()


def test_the_catalogue_is_up_to_date(found, language):
    """`make words` brings it there."""
    assert translations.source(language).read_bytes() == translations.as_po(
        translations.updated(language, found)
    )


def test_every_text_is_translated(found, language):
    assert translations.missing(translations.updated(language, found)) == []


def test_what_the_portal_reads_was_compiled_from_what_translators_edit(language):
    source = translations.source(language)
    compiled = translations.as_mo(read_po(io.BytesIO(source.read_bytes()), locale=language))
    assert source.with_suffix(".mo").read_bytes() == compiled


def test_a_translation_asks_for_no_value_its_text_does_not_have(found, language):
    for message in translations.updated(language, found):
        if message.id:
            known = {name for text in _texts(message.id) for name in _values(text)}
            assert {name for text in _texts(message.string) for name in _values(text)} <= known, message.id


def test_what_errors_say_is_collected_and_what_programs_say_is_not():
    module = ast.parse(
        'class Gone(E):\n    remediation = "Look again."\n\n'
        'def f():\n    raise Gone("It is gone", "Ask for it.")\n    raise ValueError("not for people")\n'
    )
    assert list(translations.errors(module)) == ["Look again.", "It is gone", "Ask for it."]


def _texts(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _values(text: str) -> set[str]:
    """`{name}` and `%(name)s`."""
    braces = {name for _, name, _, _ in string.Formatter().parse(text) if name} if "%(" not in text else set()
    return braces | {part.partition(")")[0] for part in text.split("%(")[1:]}
