"""The time machine: what came later changes nothing."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from appguard.reports.figures.compute import figures
from appguard.reports.history import read
from appguard.reports.model import Period
from tests.support.reported import END, START, told
from tests.unit.reports.conftest import AGES, GOOD

EVENTS = list(told(12, 300))


@given(st.integers(1, 30), st.randoms(use_true_random=False))
def test_figures_of_a_past_date_are_those_of_the_ledger_cut_there_in_any_order(day, random):
    until = START + timedelta(days=day)
    period = Period(since=START, until=until)
    cut = [event for event in EVENTS if event.timestamp < until]
    shuffled = random.sample(EVENTS, len(EVENTS))
    now, then = (figures(read(events, until), GOOD, period, AGES) for events in (shuffled, cut))
    assert now == then


def test_every_day_of_the_period_is_there_also_without_entries():
    found = figures(read([], END), GOOD, Period(since=START, until=END), AGES)
    assert [line.day.day for line in found.days] == list(range(1, 32))
