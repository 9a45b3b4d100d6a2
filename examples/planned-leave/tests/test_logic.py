"""The functions on made-up values; `pages.tests` in app.yaml tries them through the form."""

from datetime import date

from logic import this_year, too_many_days, working_days

MONDAY, FRIDAY = date(2026, 7, 6), date(2026, 7, 10)


class Broker:
    """Answers what a test needs."""

    def __init__(self, left):
        self.left = left

    def query(self, connector, query, parameters):
        if query == "company_holidays":
            return []
        return [{"leave_type": "annual", "remaining_days": self.left}]


def test_a_week_has_five_working_days_less_its_holidays():
    assert working_days(MONDAY, FRIDAY, set()) == 5
    assert working_days(MONDAY, FRIDAY, {FRIDAY}) == 4


def test_more_days_than_are_left_are_a_problem_of_the_last_day():
    values = {"first_day": MONDAY, "last_day": FRIDAY}
    assert list(too_many_days(values, Broker(left=4))) == ["last_day"]
    assert too_many_days(values, Broker(left=5)) == {}


def test_the_balance_is_that_of_this_year():
    assert this_year(date(2026, 3, 1)) == {"year": 2026}
