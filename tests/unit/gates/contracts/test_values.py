"""Made-up values are such that the form itself accepts them, at every edge it has."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from appguard.gates.contracts.values import MOST, submissions
from appguard.runtime.forms import check
from appguard.runtime.pages import FormPage

common = {"label": st.just("Label"), "required": st.booleans()}


def bounds(low: str, high: str, values):
    pairs = st.tuples(st.none() | values, st.none() | values).map(
        lambda pair: pair if None in pair else tuple(sorted(pair))
    )
    return pairs.map(lambda pair: {low: pair[0], high: pair[1]})


def field(**more):
    return st.fixed_dictionaries({**common, **more})


def bounded(kind: str, low: str, high: str, values):
    return st.tuples(field(type=st.just(kind)), bounds(low, high, values)).map(lambda two: two[0] | two[1])


fields = st.one_of(
    st.tuples(field(type=st.just("text")), st.integers(0, 200), st.integers(1, 200)).map(
        lambda three: three[0] | {"min_length": min(three[1:]), "max_length": max(three[1:])}
    ),
    field(type=st.just("long_text"), max_length=st.integers(1, 5000)),
    field(type=st.just("email")),
    field(type=st.just("checkbox")),
    field(type=st.just("choice"), choices=st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)),
    bounded("integer", "minimum", "maximum", st.integers(-1000, 1000)),
    bounded("number", "minimum", "maximum", st.decimals(-1000, 1000, places=2)),
    bounded("date", "earliest", "latest", st.dates(date(1900, 1, 1), date(2199, 12, 31))),
)


def page(several: list[dict]) -> FormPage:
    named = [{"name": f"f{number}", **one} for number, one in enumerate(several)]
    call = {"connector": "hr-db", "command": "request_leave"}
    return FormPage.model_validate({"type": "form", "id": "p", "title": "P", "fields": named, "submit": call})


@given(st.lists(fields, min_size=1, max_size=6).map(page))
def test_every_made_up_submission_is_one_the_form_accepts(form: FormPage):
    ways = submissions(form)
    assert 1 <= len(ways) <= MOST
    for way in ways:
        assert check(form, way.values).problems == (), way


def test_every_choice_and_every_bound_has_its_turn():
    form = page(
        [
            {"type": "choice", "label": "C", "choices": ["a", "b", "c"], "required": True},
            {"type": "integer", "label": "N", "minimum": 2, "maximum": 9, "required": True},
        ]
    )
    ways = submissions(form)
    assert {way.values["f0"] for way in ways} == {"a", "b", "c"}
    assert {way.values["f1"] for way in ways} == {"2", "9"}


def test_each_optional_field_is_left_out_once():
    form = page([{"type": "text", "label": "A"}, {"type": "text", "label": "B", "required": True}])
    ways = {way.how: set(way.values) for way in submissions(form)}
    assert ways["filled in completely"] == {"f0", "f1"}
    assert ways["without f0"] == ways["with required fields only"] == {"f1"}


def test_days_that_depend_on_each_other_are_the_same():
    form = page(
        [
            {"type": "date", "label": "From", "earliest": "2026-01-01", "latest": "2026-12-31"},
            {"type": "date", "label": "To", "not_before": "f0"},
        ]
    )
    assert all(check(form, way.values).problems == () for way in submissions(form))
