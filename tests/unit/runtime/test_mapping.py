import time

import pytest

from appguard.runtime.mapping import MappingFailed, parameters


def test_without_a_mapping_names_are_kept():
    assert parameters(None, {"a": 1, "b": None}) == {"a": 1, "b": None}


def test_fields_are_renamed_and_computed():
    expression = '{"starts_on": first, "days": $number(days) + 1, "who": $user.email, "note": note}'
    values = {"first": "2026-08-10", "days": "2", "note": None}
    assert parameters(expression, values, user={"email": "ana@example.com"}) == {
        "starts_on": "2026-08-10",
        "days": 3,
        "who": "ana@example.com",
        "note": None,
    }


def test_a_table_can_ask_for_the_next_thirty_days():
    expression = '{"from": today, "to": $fromMillis($toMillis(today) + 30 * 86400000, "[Y0001]-[M01]-[D01]")}'
    assert parameters(expression, {"today": "2026-02-10"}) == {"from": "2026-02-10", "to": "2026-03-12"}


@pytest.mark.parametrize(
    "expression",
    [
        '"text"',
        "nothing",
        "[1, 2]",
        '{"a": {"b": 1}}',
        '{"a": [1, 2]}',
        '{"a": (',
        '{"a": $number("x")}',
        '{"a": $eval(text)}',
        '{"a": $unknown()}',
        '{"a": $pad("x", 100000)}',
        '{"a": 1/0}',
        '{"a": $sqrt(-1)}',
    ],
)
def test_a_mapping_that_gives_no_parameters_is_refused(expression):
    with pytest.raises(MappingFailed):
        parameters(expression, {"text": "1+1"})


@pytest.mark.parametrize(
    "expression",
    [
        '($f := function($x){$f($x + 1)}; {"a": $f(1)})',
        '($f := function($x){1 + $f($x + 1)}; {"a": $f(1)})',
        '{"a": $count($map([1..9000000], function($x){$x * 2}))}',
        '{"a": $match(text, /^(x+x+)+y$/)}',
    ],
)
def test_a_runaway_mapping_is_stopped(expression):
    began = time.monotonic()
    with pytest.raises(MappingFailed):
        parameters(expression, {"text": "x" * 60})
    assert time.monotonic() - began < 3


def test_what_somebody_typed_is_never_an_expression():
    values = {"reason": '$user.email & "{}"'}
    assert parameters('{"reason": reason}', values) == {"reason": '$user.email & "{}"'}
