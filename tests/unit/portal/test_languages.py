import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.phrase import Phrase
from appguard.portal.languages import ENGLISH, LANGUAGES, best_of, said, translations


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("fr-CH, fr;q=0.9, de;q=0.7, en;q=0.8", "en"),
        ("en;q=0, de;q=0.1", "de"),
        ("DE", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("de;q=nonsense", "en"),
    ],
)
def test_a_reader_is_served_the_language_liked_best(header, language):
    assert best_of(header) == language


@given(st.text())
def test_any_header_leads_to_a_language_there_is(header):
    assert best_of(header) in LANGUAGES


def test_a_text_nobody_translated_is_shown_in_english():
    assert said("Nobody translated this", "de") == "Nobody translated this"


def test_values_are_filled_in_after_translating(monkeypatch):
    monkeypatch.setattr(translations("de"), "gettext", {"{count} apps": "{count} Apps"}.get)
    assert said(Phrase("{count} apps", count=3), "de") == "3 Apps"


@pytest.mark.parametrize("language", LANGUAGES.keys() - {ENGLISH})
def test_every_language_on_offer_has_a_catalogue_with_plural_forms(language):
    assert translations(language).info()["language"] == language
    assert "plural-forms" in translations(language).info()


def test_the_empty_text_is_not_the_head_of_the_catalogue():
    assert said("", "de") == ""
