"""Rows of a preview answer what they are asked, and never pretend that nothing was found."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.runtime.made_up_rows import MadeUpRows

ROWS = MadeUpRows.model_validate(
    {
        "columns": [
            {"name": "kind"},
            {"name": "day", "type": "date"},
            {"name": "until", "type": "date"},
            {"name": "seats", "type": "integer"},
        ],
        "rows": [
            ["car", "2026-01-10", "2026-01-12", 4],
            ["van", "2026-02-28", "2026-03-02", 9],
            ["car", "2026-05-01", "2026-05-01", None],
        ],
        "conditions": [
            {"parameter": "kind", "column": "kind", "holds": "equals"},
            {"parameter": "from", "column": "until", "holds": "at_least"},
            {"parameter": "to", "column": "day", "holds": "at_most"},
            {"parameter": "year", "column": "day", "holds": "in_year"},
            {"parameter": "seats", "column": "seats", "holds": "at_least"},
        ],
    }
)


def days(**asked):
    return [row[1] for row in ROWS.answering({name.rstrip("_"): value for name, value in asked.items()}).rows]


def test_without_parameters_all_rows_are_there():
    assert len(ROWS.answering({}).rows) == 3


def test_rows_that_hold_a_value_are_kept_and_others_dropped():
    assert [row[0] for row in ROWS.answering({"kind": "car"}).rows] == ["car", "car"]


def test_a_value_no_row_holds_is_put_into_all_of_them():
    assert [row[0] for row in ROWS.answering({"kind": "bus"}).rows] == ["bus"] * 3
    assert [row[3] for row in ROWS.answering({"seats": 50}).rows] == [50] * 3


def test_an_optional_parameter_left_empty_narrows_nothing():
    assert len(ROWS.answering({"kind": None}).rows) == 3


def test_a_window_keeps_the_rows_that_overlap_it():
    assert days(from_="2026-01-11", to="2026-02-28") == ["2026-01-10", "2026-02-28"]


def test_the_days_of_a_year_nobody_made_up_move_there_together():
    assert days(year=2031.0) == ["2031-01-10", "2031-02-28", "2031-05-01"]


def test_more_rows_than_are_shown_are_only_there_to_choose_from():
    few = ROWS.model_copy(update={"shown": 1})
    assert [row[0] for row in few.answering({"kind": "van"}).rows] == ["van"]


@pytest.mark.parametrize("strange", ["soon", 12, True, ["2026-01-01"]])
def test_a_value_of_another_type_ends_in_no_rows_rather_than_in_an_error(strange):
    assert ROWS.answering({"from": strange}).rows == ()


@given(begins=st.dates(date(1950, 1, 1), date(2150, 1, 1)), length=st.integers(0, 400))
def test_any_window_of_days_has_rows_in_it(begins, length):
    window = {"from": begins.isoformat(), "to": (begins + timedelta(days=length)).isoformat()}
    found = ROWS.answering(window).rows
    assert found
    assert all(row[2] >= window["from"] and row[1] <= window["to"] for row in found)
