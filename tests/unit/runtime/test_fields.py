import pytest

from appguard.runtime.fields import as_radios, hint, input_kind
from tests.unit.runtime.test_forms import field


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (field("text"), ""),
        (field("text", help="As in your passport"), "As in your passport."),
        (field("text", help="Really?", max_length=20), "Really? Up to 20 characters."),
        (field("integer", minimum=0, maximum=5), "From 0 to 5."),
        (field("number", minimum="0.5"), "0.5 or more."),
        (field("integer", maximum=0), "0 or less."),
        (field("date", earliest="2026-01-01"), "1 January 2026 or later."),
        (field("date", latest="2026-01-01"), "1 January 2026 or earlier."),
    ],
)
def test_bounds_are_told_before_they_are_missed(shown, words):
    assert hint(shown) == words


def test_a_short_list_one_must_choose_from_is_shown_at_once():
    assert as_radios(field("choice", choices=["a", "b"], required=True))
    assert not as_radios(field("choice", choices=["a", "b"]))
    assert not as_radios(field("choice", choices=list("abcdefgh"), required=True))


def test_a_date_field_tells_the_browser_its_bounds():
    assert 'min="2026-01-01"' in input_kind(field("date", earliest="2026-01-01"))
