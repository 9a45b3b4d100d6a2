import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from appguard.runtime.forms import check, check_fields, value_of
from appguard.runtime.numerals import Refused
from appguard.runtime.pages import FormField, FormPage

FIELD = TypeAdapter(FormField)


def field(type_, **more):
    return FIELD.validate_python({"type": type_, "name": "it", "label": "It", **more})


def page(*fields):
    return FormPage.model_validate(
        {
            "type": "form",
            "id": "ask",
            "title": "Ask",
            "fields": [{"label": each["name"].capitalize(), **each} for each in fields],
            "submit": {"connector": "hr-db", "command": "request_leave"},
        }
    )


@pytest.mark.parametrize(
    ("wanted", "text", "value"),
    [
        (field("text"), "  Ana  Ruiz ", "Ana  Ruiz"),
        (field("text"), "two\r\nlines", "two lines"),
        (field("text"), "Jose\u0301", "Jos\u00e9"),
        (field("text"), "a\x00b\x1bc", "abc"),
        (field("long_text"), "two\r\nlines\r", "two\nlines"),
        (field("email"), "ana@example.com", "ana@example.com"),
        (field("integer"), "-12", -12),
        (field("integer", minimum=1, maximum=3), "3", 3),
        (field("number"), "12.50", 12.5),
        (field("number"), "12,5", 12.5),
        (field("number", decimals=6), "123456789.123456", 123456789.123456),
        (field("date"), "2028-02-29", "2028-02-29"),
        (field("date"), "2026-2-3", "2026-02-03"),
        (field("choice", choices=["a", "b"]), "b", "b"),
        (field("checkbox"), "yes", True),
        (field("checkbox"), "", False),
        (field("text"), "   ", None),
        (field("number"), "", None),
        (field("date"), "", None),
    ],
)
def test_text_becomes_a_typed_value(wanted, text, value):
    assert value_of(wanted, text) == value


@pytest.mark.parametrize(
    ("wanted", "text", "says"),
    [
        (field("text", required=True), " ", "Enter it"),
        (field("choice", required=True, choices=["a"]), "", "Choose it"),
        (field("text", min_length=3), "ab", "3 characters or more"),
        (field("text", max_length=3), "abcd", "3 characters or fewer, not 4"),
        (field("long_text", max_length=3), "abcd", "3 characters or fewer"),
        (field("email"), "ana", "an e-mail address"),
        (field("email"), "ana@", "an e-mail address"),
        (field("email"), "ana@localhost", "an e-mail address"),
        (field("email"), "a b@example.com", "an e-mail address"),
        (field("email"), "a@b@example.com", "an e-mail address"),
        (field("email"), "a@example.com,b@example.com", "an e-mail address"),
        (field("email"), "a@" + "x" * 260 + ".eu", "an e-mail address"),
        (field("integer"), "1.0", "a whole number"),
        (field("integer"), "1e3", "a whole number"),
        (field("integer"), "٣", "a whole number"),
        (field("integer"), "9" * 16, "a whole number"),
        (field("integer", minimum=1), "0", "1 or more"),
        (field("integer", maximum=1), "2", "1 or less"),
        (field("number"), "nan", "a number"),
        (field("number"), "inf", "a number"),
        (field("number"), "1,000", "at most 2 digits"),
        (field("number"), "1.234", "at most 2 digits"),
        (field("number", minimum="0.5"), "0.49", "0.5 or more"),
        (field("date"), "2026-02-30", "a real date"),
        (field("date"), "20260203", "a real date"),
        (field("date", earliest="2026-01-01"), "2025-12-31", "1 January 2026 or later"),
        (field("date", latest="2026-01-01"), "2026-01-02", "1 January 2026 or earlier"),
        (field("choice", choices=["a"]), "A", "Choose it"),
        (field("checkbox", required=True), "", "Tick"),
        (field("checkbox", required=True), "on", "Tick"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_one_can_act_on(wanted, text, says):
    with pytest.raises(Refused, match=says):
        value_of(wanted, text)


def test_all_problems_are_told_at_once_in_the_order_of_the_form():
    form = page(
        {"type": "text", "name": "first", "required": True},
        {"type": "date", "name": "start"},
        {"type": "date", "name": "end", "not_before": "start"},
        {"type": "email", "name": "last"},
    )
    checked = check(form, {"last": "x", "start": "2026-02-02", "end": "2026-02-01"})
    assert [problem.field for problem in checked.problems] == ["first", "end", "last"]
    assert checked.problems[1].message == "End must be the same as or after Start"


def test_a_date_may_equal_the_date_it_may_not_precede_or_stand_alone():
    form = page({"type": "date", "name": "start"}, {"type": "date", "name": "end", "not_before": "start"})
    assert not check(form, {"start": "2026-02-02", "end": "2026-02-02"}).problems
    assert not check(form, {"end": "2026-02-02"}).problems


def test_names_the_form_lacks_go_nowhere():
    checked = check(page({"type": "text", "name": "it"}), {"it": "x", "user": "mia@example.com"})
    assert checked.values == {"it": "x"}


ANY_FIELD = st.sampled_from(
    [
        field("text"),
        field("long_text"),
        field("email"),
        field("integer"),
        field("number"),
        field("date"),
        field("choice", choices=["a"]),
        field("checkbox"),
    ]
)


@given(ANY_FIELD, st.text())
def test_no_text_makes_the_check_fall_over(wanted, text):
    checked = check_fields([wanted], {"it": text})
    assert bool(checked.problems) != ("it" in checked.values)
