from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.budgets.budget import AHEAD, Account, Budget
from appguard.connectors.errors import BudgetExceeded
from appguard.kernel.errors import Unavailable
from appguard.kernel.levels import DataClass
from tests.unit.connectors.conftest import Counted

ANA = Account("hr-db", "leave", "ana@example.com", DataClass.PERSONAL)
NOW = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)


def spent(budget, *rows, most=1000, account=ANA, at=NOW):
    """The rows that were given, of those asked for one after the other."""
    given = 0
    for each in rows:
        try:
            budget.spend(account, each, most, at)
        except BudgetExceeded:
            continue
        given += each
    return given


def test_most_answers_cost_no_round_trip(counters):
    assert spent(Budget(counters), *[10] * 50) == 500
    assert counters.asked <= 500 // 50 + 1


def test_the_last_row_of_the_limit_is_given_and_not_one_more(counters):
    budget = Budget(counters)
    assert spent(budget, *[1] * 120, most=100) == 100
    with pytest.raises(BudgetExceeded, match="more than 100 rows of personal data in a day"):
        budget.spend(ANA, 1, 100, NOW)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60)), max_size=80))
def test_however_many_processes_ask_no_more_than_the_limit_is_given(asked):
    counters = Counted()
    processes = [Budget(counters) for _ in range(3)]
    assert sum(spent(processes[which], rows, most=200) for which, rows in asked) <= 200


def test_what_other_processes_lose_is_at_most_what_they_reserved_ahead(counters):
    spent(Budget(counters), 1, most=10_000)
    assert spent(Budget(counters), *[1] * 10_000, most=10_000) >= 10_000 - 1 - AHEAD


def test_an_answer_without_rows_counts_as_one_so_that_probing_is_counted(counters):
    budget = Budget(counters)
    spent(budget, *[0] * 20, most=20)
    with pytest.raises(BudgetExceeded):
        budget.spend(ANA, 0, 20, NOW)


@pytest.mark.parametrize(
    "other",
    [
        ANA._replace(email="mia@example.com"),
        ANA._replace(app_id="other"),
        ANA._replace(connector="payroll-db"),
        ANA._replace(class_=DataClass.INTERNAL),
    ],
)
def test_another_person_app_connector_or_class_is_counted_apart(counters, other):
    budget = Budget(counters)
    assert spent(budget, 100, most=100) == 100
    assert spent(budget, 100, most=100, account=other) == 100


def test_a_new_day_in_utc_begins_anew_and_what_was_reserved_is_of_no_use_to_it(counters):
    budget = Budget(counters)
    assert spent(budget, 100, most=100) == 100
    assert spent(budget, 60, 60, most=100, at=NOW + timedelta(minutes=1)) == 60


def test_a_smaller_answer_may_still_fit_after_a_larger_one_did_not(counters):
    assert spent(Budget(counters), 90, 20, 10, most=100) == 100


def test_what_cannot_be_counted_is_an_error_and_costs_nothing_that_was_reserved(counters):
    budget = Budget(counters)
    spent(budget, 10)
    counters.broken = True
    with pytest.raises(Unavailable):
        budget.spend(ANA, 500, 1000, NOW)
    budget.spend(ANA, 50, 1000, NOW)


def test_threads_of_one_process_share_what_it_reserved(counters):
    budget = Budget(counters)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: spent(budget, *[3] * 30, most=300), range(8))) <= 300


def test_counters_know_nobody_by_name(counters):
    spent(Budget(counters), 1)
    assert all("ana" not in key for key in counters.taken)
