import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.disclosure import HIDDEN, cleared, refuse_persons, without_persons
from appguard.connectors.errors import PersonInText
from appguard.connectors.model import Command, Query
from appguard.connectors.table import Table

IBAN = "DE89 3704 0044 0532 0130 10"
CARD = "4539 1488 0343 6467"


def query(**changed):
    column = {"name": "note", "label": "Note", "class": "internal", **changed}
    return Query.model_validate({"title": "Notes", "columns": [column], "user_in": ["who"]})


def shown(value, **changed):
    asked = query(**changed)
    table, found = without_persons(asked, Table(asked.columns, [[value]], truncated=False))
    return table.rows[0][0], found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Paid by card 4539 1488 0343 6467, thanks", "payment card"),
        ("Ask jane.doe@acme-corp.com about it", "e-mail address"),
        ("SSN 536-22-1234", "US social security number"),
    ],
)
def test_an_identifier_in_a_text_below_personal_is_hidden_and_nothing_around_it(text, kind):
    value, found = shown(text)
    assert found == {"note": {kind}}
    assert HIDDEN in value
    assert value.split()[0] == text.split()[0]


@pytest.mark.parametrize(
    "text", [f"card {CARD}".replace("4", "\uff14"), "4539\u200b1488\u200b0343\u200b6467"]
)
def test_a_disguised_one_hides_the_whole_text(text):
    assert shown(text) == (HIDDEN, {"note": {"payment card"}})


@pytest.mark.parametrize(
    "text",
    [
        "Lift out of order",
        "Room 12, 3rd floor",
        "Order 20261124-000001",
        "help@acme-corp.com",
        "",
        None,
        12345678,
    ],
)
def test_ordinary_texts_stay_as_they_are(text):
    assert shown(text) == (text, {})


@pytest.mark.parametrize(
    "changed", [{"class": "personal"}, {"mask": "partial"}, {"sample": "email"}, {"type": "integer"}]
)
def test_what_is_declared_for_what_it_is_is_not_read(changed):
    assert shown("jane.doe@acme-corp.com", **changed)[1] == {}


@given(st.text())
def test_hiding_twice_hides_nothing_more(text):
    once, _ = cleared(text)
    assert cleared(once) == (once, frozenset())


def test_a_long_text_takes_time_in_proportion_to_its_length():
    def seconds(length):
        begun = time.process_time()
        cleared("1a" * length)
        return time.process_time() - begun

    seconds(1000)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.001)


def command(class_):
    note = {"type": "text", "label": "Note", "class": class_}
    return Command.model_validate({"title": "Tell", "class": "personal", "parameters": {"note": note}})


def test_a_text_that_goes_outside_must_not_hold_what_its_class_rules_out():
    with pytest.raises(PersonInText, match="Note seems to hold data of a person") as refused:
        refuse_persons(command("internal"), {"note": f"card {CARD}"})
    assert CARD not in refused.value.message
    refuse_persons(command("personal"), {"note": f"card {CARD}"})
    refuse_persons(command("internal"), {"note": "The lift is stuck"})
