import unicodedata
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.privacy.subject import MAX_LENGTH, NoSubject, subject_of

named = st.text(max_size=40)


def spelled(value: object) -> str | None:
    try:
        return subject_of(value)
    except NoSubject:
        return None


@pytest.mark.parametrize(
    "spelling",
    [
        "Ana@Example.com",
        " ana@example.com\n",
        "\uff21na@example.com",
        "ana\u200b@example.com",
        "ANA@EXAMPLE.COM",
    ],
)
def test_a_person_has_one_spelling(spelling):
    assert subject_of(spelling) == "ana@example.com"


def test_numbers_and_ids_name_persons_as_their_text_does():
    assert subject_of(4711) == subject_of(Decimal(4711)) == subject_of("4711")
    text = "123E4567-E89B-12D3-A456-426614174000"
    assert subject_of(UUID(text)) == subject_of(text)


@settings(deadline=None)
@given(named)
def test_normalising_twice_is_normalising_once(text):
    once = spelled(text)
    assert once is None or spelled(once) == once


@settings(deadline=None)
@given(named, st.sampled_from(["NFC", "NFD"]))
def test_case_composition_and_blanks_around_do_not_matter(text, form):
    assert spelled(text) == spelled(f"  {unicodedata.normalize(form, text)}\t") == spelled(text.casefold())


@pytest.mark.parametrize(
    "nobody", ["", " ", "\u200b", "x" * (MAX_LENGTH + 1), None, True, 1.5, Decimal("1.5"), b"ana"]
)
def test_what_names_nobody_is_refused_without_being_repeated(nobody):
    with pytest.raises(NoSubject) as refused:
        subject_of(nobody)
    assert "xxx" not in refused.value.message
