from collections import Counter
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from appguard.connectors.budgets.store import CounterTable
from appguard.connectors.errors import TooManyCalls
from appguard.connectors.pace import KEPT, Pace, minute_of
from appguard.connectors.source import Identity
from appguard.kernel.errors import Unavailable
from appguard.kernel.ids import ConnectorName
from tests.support.tables import table
from tests.unit.connectors.conftest import Counted

HR = ConnectorName("hr-db")
ANA = Identity("ana@example.com", "leave")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENTS = st.floats(0, 300).map(lambda seconds: NOON + timedelta(seconds=seconds))


def answered(pace, moments, most=3):
    """The moments at which a call was let through."""
    let = []
    for moment in moments:
        try:
            pace.step(HR, ANA, most, moment)
        except TooManyCalls:
            continue
        let.append(moment)
    return let


def test_a_minute_has_its_number_of_calls(counters):
    pace = Pace(counters)
    assert len(answered(pace, [NOON] * 3)) == 3
    with pytest.raises(TooManyCalls, match="more than 3 calls in a minute"):
        pace.step(HR, ANA, 3, NOON + timedelta(seconds=59))
    pace.step(HR, ANA, 3, NOON + timedelta(minutes=1))


@given(st.lists(st.tuples(st.integers(0, 2), MOMENTS), max_size=60))
def test_over_all_processes_a_minute_has_its_number_and_no_sixty_seconds_more_than_twice_that(asked):
    counters = Counted()
    processes = [Pace(counters) for _ in range(3)]
    let = [moment for which, moment in asked for moment in answered(processes[which], [moment])]
    tried = Counter(moment.replace(second=0, microsecond=0) for _, moment in asked)
    given_ = Counter(moment.replace(second=0, microsecond=0) for moment in let)
    assert given_ == {minute: min(calls, 3) for minute, calls in tried.items()}
    for moment in let:
        assert sum(moment <= other < moment + timedelta(minutes=1) for other in let) <= 6


@given(st.datetimes(timezones=st.timezones()), st.integers(0, 10**6))
def test_a_minute_is_the_same_for_all_processes_wherever_their_clocks_are_set(moment, later):
    other = (moment.astimezone(UTC) + timedelta(microseconds=later)).replace(tzinfo=UTC)
    whole_minutes = [int(each.timestamp() // 60) for each in (moment, other)]
    same = minute_of(HR, ANA, moment) == minute_of(HR, ANA, other)
    assert same is (whole_minutes[0] == whole_minutes[1])


@pytest.mark.parametrize(
    ("connector", "who"),
    [
        (HR, Identity("mia@example.com", "leave")),
        (HR, Identity("ana@example.com", "lunch")),
        (ConnectorName("office-directory"), ANA),
    ],
)
def test_users_apps_and_connectors_are_counted_apart(counters, connector, who):
    pace = Pace(counters)
    pace.step(HR, ANA, 1, NOON)
    pace.step(connector, who, 1, NOON)


def test_without_a_number_nothing_is_counted(counters):
    pace = Pace(counters)
    for _ in range(100):
        pace.step(HR, ANA, None, NOON)
    assert counters.asked == 0


def test_counters_know_nobody_by_name(counters):
    Pace(counters).step(HR, ANA, 1, NOON)
    assert all("ana@" not in key for key in counters.taken)


@mock_aws
def test_two_processes_count_in_one_table_which_forgets_soon_after():
    client = boto3.client("dynamodb", region_name="eu-west-1")
    table(client, "budgets", keys=("pk",))
    one, other = (Pace(CounterTable(client, "budgets")) for _ in range(2))
    assert len(answered(one, [NOON] * 2)) == 2
    assert len(answered(other, [NOON] * 5)) == 1
    [item] = client.scan(TableName="budgets")["Items"]
    assert int(item["expires"]["N"]) == (NOON + KEPT).timestamp()


def test_what_cannot_be_counted_is_an_error(counters):
    counters.broken = True
    with pytest.raises(Unavailable):
        Pace(counters).step(HR, ANA, 3, NOON)
