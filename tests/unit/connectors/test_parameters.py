from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from appguard.connectors.parameters import Parameter
from appguard.kernel.errors import Invalid

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KINDS = [
    {"type": "text"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "date"},
    {"type": "boolean"},
    {"type": "choice", "choices": ["a", "b"]},
    {"type": "uuid"},
]


def parameter(**words):
    return TypeAdapter(Parameter).validate_python({"label": "X", **words})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["type"])
@given(raw=json)
def test_whatever_comes_is_bound_in_its_type_or_refused(kind, raw):
    types = {"text": str, "integer": int, "number": Decimal, "date": date, "boolean": bool, "choice": str}
    try:
        bound = parameter(**kind).bind(raw)
    except Invalid:
        return
    assert type(bound) is types.get(kind["type"], type(bound))


def test_text_is_normalised_so_that_equal_looking_values_are_equal():
    assert parameter(type="text").bind("Zoe\u0308") == "Zo\u00eb"


def test_a_pattern_must_match_the_whole_text():
    coded = parameter(type="text", pattern="[A-Z]{2}")
    assert coded.bind("AB") == "AB"
    for wrong in ("AB\n", "xAB", "ABx"):
        with pytest.raises(Invalid):
            coded.bind(wrong)


@pytest.mark.parametrize(("raw", "bound"), [(5, "5"), (5.25, "5.25"), ("5.250", "5.250"), (0, "0")])
def test_numbers_are_exact(raw, bound):
    assert parameter(type="number").bind(raw) == Decimal(bound)


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), "1e5", "0x10", " 1", "", True, 1e300, "\u0661"])
def test_what_only_resembles_a_number_is_refused(raw):
    with pytest.raises(Invalid):
        parameter(type="number").bind(raw)


@pytest.mark.parametrize("kind", ["identifier", "sql", "order_by", "raw", "json"])
def test_there_is_no_type_that_could_become_sql(kind):
    with pytest.raises(ValueError, match="tag"):
        parameter(type=kind)
