"""What the gate calls a breach is what the broker refuses, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from appguard.connectors.binding import bind
from appguard.connectors.parameters import Parameter
from appguard.gates.contracts.parameters import Sent, breaches
from appguard.kernel.errors import Invalid
from appguard.kernel.finding import Severity

PARAMETER = TypeAdapter(Parameter)
TYPES = (
    {"type": "text", "max_length": 5},
    {"type": "text", "pattern": "[A-Z]{2}"},
    {"type": "integer", "minimum": 1, "maximum": 9},
    {"type": "number", "minimum": "0", "maximum": "10.5"},
    {"type": "date", "earliest": "2020-01-01"},
    {"type": "boolean"},
    {"type": "choice", "choices": ["a", "b"]},
    {"type": "uuid"},
)
ID = "123e4567-e89b-12d3-a456-426614174000"
declared = st.dictionaries(
    st.sampled_from("xyz"),
    st.builds(
        lambda kind, required: PARAMETER.validate_python({"label": "L", "required": required, **kind}),
        st.sampled_from(TYPES),
        st.booleans(),
    ),
)
values = (
    st.none()
    | st.just(ID)
    | st.sampled_from(
        ["a", "b", "AB", "abcdef", "", "2026-06-15", "2019-01-01", "3", True, False, 0, 3, 12, 1.5]
    )
)
sent = st.lists(st.dictionaries(st.sampled_from("xyzu"), values), min_size=1, max_size=4)


@given(declared, sent)
def test_there_is_a_breach_exactly_when_the_broker_would_refuse_a_call(parameters, calls):
    def refused(call) -> bool:
        try:
            bind(parameters, call)
        except Invalid:
            return True
        return False

    found = list(breaches("ask", parameters, [Sent("somehow", call) for call in calls]))
    assert bool(found) == any(map(refused, calls))


@given(declared, sent)
def test_what_is_always_refused_blocks(parameters, calls):
    found = list(breaches("ask", parameters, [Sent("somehow", call) for call in calls]))
    for name, parameter in parameters.items():
        if parameter.required and all(call.get(name) is None for call in calls):
            assert any(f.severity is Severity.BLOCK and f" {name}," in f.message for f in found)


@pytest.mark.parametrize(
    ("kind", "given_values", "rule"),
    [
        ({"type": "integer"}, ["a", True], "contract-parameter-type"),
        ({"type": "date"}, ["soon"], "contract-parameter-type"),
        ({"type": "integer", "maximum": 5}, [3, 9], "contract-parameter-narrow"),
        ({"type": "text", "max_length": 3}, ["abc", "abcd"], "contract-parameter-narrow"),
        ({"type": "text", "pattern": "[A-Z]{3}"}, ["aaa"], "contract-parameter-narrow"),
        ({"type": "choice", "choices": ["a"]}, ["a", "b"], "contract-choice-unknown"),
    ],
)
def test_another_type_blocks_and_a_narrower_one_warns(kind, given_values, rule):
    parameters = {"x": PARAMETER.validate_python({"label": "L", **kind})}
    [found] = breaches("ask", parameters, [Sent("somehow", {"x": value}) for value in given_values])
    assert found.rule == rule
    assert (found.severity is Severity.WARN) == (rule == "contract-parameter-narrow")


def test_a_name_that_nobody_declared_is_answered_with_the_nearest():
    parameters = {"starts_on": PARAMETER.validate_python({"label": "L", "type": "date", "required": False})}
    [found] = breaches("ask", parameters, [Sent("somehow", {"start_on": None})])
    assert found.rule == "contract-parameter-unknown"
    assert "Did you mean starts_on?" in found.remediation
