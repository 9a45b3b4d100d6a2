import json

from appguard.kernel.phrase import Phrase


def test_a_phrase_is_its_english_wherever_nobody_translates():
    phrase = Phrase("{count} apps wait", count=3)
    assert (phrase, json.dumps(phrase)) == ("3 apps wait", '"3 apps wait"')


def test_a_phrase_without_values_may_hold_braces():
    assert Phrase('{"a": 1}') == '{"a": 1}'


def test_what_a_value_says_is_never_read_as_a_form():
    assert Phrase("Hello {name}", name="{name.__class__}") == "Hello {name.__class__}"
