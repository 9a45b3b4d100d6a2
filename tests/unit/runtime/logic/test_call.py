"""What a function of an app's own code is given, may ask, and may answer."""

import time
from datetime import date

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime.logic.asking import MOST, Asking, Read
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.refusal import NOT_GRANTED, BrokerRefused, Refusal
from appguard.runtime.rows import Rows
from tests.unit.runtime.logic.conftest import DAYS

SOURCE = """
from datetime import timedelta
from decimal import Decimal
seen = []

def given(values, user, today, broker):
    tomorrow = values["first_day"] + timedelta(1)
    return {"next": tomorrow, "who": user["email"], "year": today.year, "n": values["note"]}

def nothing():
    return {}

def rows(broker):
    return [{name: str(type(value).__name__) for name, value in row.items()}
            for row in broker.query("hr-db", "days", {"from": "x"})]

def amount():
    return {"exact": Decimal("12.50"), "whole": Decimal("3")}

def remembers():
    seen.append(1)
    return len(seen)

def leaves_a_file():
    import os
    found = os.listdir(".")
    open("left", "w").write("x")
    return found

def catches(broker):
    try:
        broker.query("hr-db", "salaries")
    except broker.Refused as refused:
        return [refused.code, str(refused)]

def passes_on(broker):
    broker.query("hr-db", "salaries")

def asks_often(broker):
    for number in range(100):
        broker.query("hr-db", "days")

def asks_nonsense(broker):
    broker.query("hr-db", "days", {"from": ["a", {"b": 1}]})

def fails(values):
    raise ValueError("this says " + values["note"])

def not_a_number():
    return {"x": float("nan")}

def too_large():
    return {"x": "y" * 1_000_000}

def too_deep():
    found = []
    for n in range(100_000):
        found = [found]
    return found

def a_thing():
    return {"x": object()}

def uses_a_package():
    import helper
    return helper.ANSWER
"""


@pytest.fixture(scope="module")
def call(code):
    return code(SOURCE, helper="ANSWER = 42")


def test_a_function_is_given_what_its_parameters_name_with_dates_as_dates(call) -> None:
    values = {"first_day": "2026-12-31", "note": None}
    said = {"next": "2027-01-01", "who": "a@example.com", "year": 2026, "n": None}
    assert call("given", values=values) == said
    assert call("nothing") == {}


def test_rows_come_by_column_and_masked_dates_as_they_are(call) -> None:
    assert call("rows") == [{"day": "date", "who": "str"}, {"day": "str", "who": "str"}]


def test_exact_amounts_become_numbers(call) -> None:
    assert call("amount") == {"exact": 12.5, "whole": 3}


def test_nothing_outlives_a_call(call) -> None:
    assert [call("remembers"), call("remembers")] == [1, 1]
    assert [call("leaves_a_file"), call("leaves_a_file")] == [[".scratch"], [".scratch"]]


def test_packages_beside_the_app_can_be_imported(call) -> None:
    assert call("uses_a_package") == 42


def test_a_refusal_of_the_broker_can_be_caught_and_otherwise_reaches_the_person(call) -> None:
    assert call("catches") == [NOT_GRANTED.code, NOT_GRANTED.message]
    with pytest.raises(BrokerRefused) as refused:
        call("passes_on")
    assert refused.value.refusal == NOT_GRANTED


def test_queries_are_counted_within_a_request(call) -> None:
    with pytest.raises(BrokerRefused) as refused:
        call("asks_often")
    assert refused.value.refusal.code == "too_many_queries"
    assert str(MOST) in refused.value.refusal.message


def test_parameters_that_are_no_single_values_are_refused_before_the_broker(call) -> None:
    with pytest.raises(BrokerRefused) as refused:
        call("asks_nonsense")
    assert refused.value.refusal.code == "invalid"


@pytest.mark.parametrize(
    "error", [Unavailable("Nobody answers."), BrokerRefused(401, Refusal(code="x", message="y"))]
)
def test_what_no_code_may_catch_ends_the_call_and_the_next_one_works(call, error) -> None:
    def query(*_: object) -> None:
        raise error

    granted = [Read(connector="hr-db", query="days")]
    with pytest.raises(type(error)):
        call("rows", ask=Asking(granted, query))
    assert call("nothing") == {}


def test_an_error_is_named_with_its_line_and_without_its_words(call) -> None:
    with pytest.raises(LogicFailed) as failed:
        call("fails", values={"note": "secret"})
    line = SOURCE.splitlines().index('    raise ValueError("this says " + values["note"])') + 1
    assert failed.value.message == f"The function fails of this app stopped with ValueError in line {line}."


@pytest.mark.parametrize(
    ("function", "how"),
    [
        ("not_a_number", "ValueError"),
        ("too_large", "ended without an answer"),
        ("too_deep", "RecursionError"),
        ("a_thing", "TypeError"),
        ("absent", "AttributeError"),
    ],
)
def test_an_answer_that_is_no_small_json_is_a_failure(call, function: str, how: str) -> None:
    with pytest.raises(LogicFailed, match=how):
        call(function)


def test_the_day_is_that_of_the_request(call) -> None:
    values = {"first_day": "2026-01-01", "note": "x"}
    assert call("given", values=values, today="2031-01-01")["year"] == date(2031, 1, 1).year


def test_what_a_query_takes_is_not_the_codes_time(call) -> None:
    def slowly(*_: object) -> Rows:
        time.sleep(3.5)
        return DAYS

    granted = [Read(connector="hr-db", query="days")]
    assert len(call("rows", ask=Asking(granted, slowly), seconds=8.0)) == 2
    with pytest.raises(LogicFailed, match=r"too long|without an answer"):
        call("rows", ask=Asking(granted, slowly), seconds=1.0)
