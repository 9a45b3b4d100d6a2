"""Delivery against a server that speaks the protocols, on good days and on bad ones."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appguard.audit.reader import Entry
from appguard.kernel.actions import Action
from appguard.kernel.event import RetentionClass
from appguard.siem.delivery import Delivery
from appguard.siem.destinations.opensearch import OpenSearch
from appguard.siem.destinations.splunk import SplunkHec
from appguard.siem.http import Endpoint
from appguard.siem.model import DestinationName, Limits
from tests.support.entries import AT, entry
from tests.support.siem_delivery import FakeCursors, FakeLedger, Time
from tests.support.siem_server import TOKEN, Fault, Siem, serving

ONE_YEAR, THREE_YEARS = RetentionClass.ONE_YEAR, RetentionClass.THREE_YEARS


@pytest.fixture
def siem():
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def shared():
    with serving() as running:
        yield running


class World:
    """One destination, its ledger and its cursors, on a clock of their own."""

    def __init__(self, siem: Siem, name: DestinationName, *, token: str = TOKEN, entries: int = 4) -> None:
        self.name, self.siem, self.time, self.ledger = name, siem, Time(), FakeLedger()
        self.cursors = FakeCursors(check=self._nothing_is_skipped)
        endpoint = Endpoint(siem.address, {"authorization": f"Splunk {token}"})
        self.destination = (
            SplunkHec(endpoint, self.time.sleep)
            if name is DestinationName.SPLUNK
            else OpenSearch(endpoint, "appguard")
        )
        self.destination.limits = Limits(entries, 900_000)

    def _nothing_is_skipped(self, batch, refused):
        """The cursor never passes an entry that has neither arrived nor been set aside."""
        skipped = {one.event_id for one in batch.messages} - {one.event_id for one in refused}
        assert skipped <= self.siem.has()

    def run(self, minutes: float = 5):
        delivery = Delivery(
            self.name,
            lambda: self.destination,
            self.ledger,
            self.cursors,
            self.time,
            self.time.sleep,
            lambda most: most,
        )
        progress = delivery.run(self.time.now + timedelta(minutes=minutes))
        self.time.now += timedelta(minutes=1)
        return progress

    def ids(self) -> set[str]:
        return {one.event.event_id for entries in self.ledger.logs.values() for one in entries}


def filled(siem, name=DestinationName.SPLUNK, count=10, **options) -> World:
    world = World(siem, name, **options)
    world.ledger.append(*(entry(n) for n in range(count)))
    return world


both = pytest.mark.parametrize("name", [DestinationName.SPLUNK, DestinationName.OPENSEARCH])


@both
def test_all_logs_arrive_and_a_second_run_sends_nothing(siem, name):
    world = filled(siem, name)
    world.ledger.append(*(entry(n, log=ONE_YEAR) for n in range(3)))
    progress = world.run()
    assert (progress.state, progress.delivered, max(progress.lag.values())) == ("done", 13, 0)
    assert siem.has() == world.ids()
    asked = len(siem.requests)
    assert world.run().delivered == 0
    assert len(siem.requests) == asked


def test_an_event_reads_at_the_receiver_as_it_was_told(siem):
    filled(siem, count=1).run()
    [event] = siem.events
    assert event["event"]["metadata"]["uid"] == event["fields"]["event_id"] == entry(0).event.event_id
    assert (event["sourcetype"], event["time"]) == ("appguard:ocsf", AT.timestamp())


@both
@pytest.mark.parametrize("fault", Fault)
def test_each_fault_once_is_made_good_within_the_run(siem, name, fault):
    siem.faults, siem.acknowledges = [fault], True
    world = filled(siem, name)
    assert world.run().state == "done"
    assert siem.has() == world.ids()


@both
def test_an_outage_is_caught_up_from_the_ledger(siem, name):
    world = filled(siem, name)
    siem.faults = [Fault.BUSY] * 12
    away = world.run()
    assert (away.state, away.delivered, away.trouble) == ("siem_away", 0, "the SIEM answers 503")
    assert away.lag["3y"] > 3600
    world.ledger.append(entry(10))
    assert [world.run().state, world.run().state] == ["siem_away", "done"]
    assert siem.has() == world.ids()


def test_pauses_grow_and_are_never_shorter_than_asked_for(siem):
    siem.faults = [Fault.BUSY, Fault.BUSY, Fault.BUSY, Fault.SLOW_DOWN]
    world = filled(siem, count=1)
    world.run()
    assert world.time.slept == [0.5, 1.0, 2.0, 4.0]
    siem.faults, world.time.slept = [Fault.SLOW_DOWN], []
    world.ledger.append(entry(1))
    world.run()
    assert world.time.slept == [2.0]


def test_a_siem_that_asks_for_more_time_than_a_run_has_is_left_alone_that_long(siem, monkeypatch):
    world = filled(siem)
    busy = (503, {"retry-after": "600"}, {}, None)
    with monkeypatch.context() as patch:
        patch.setattr(siem, "answer", lambda *_: busy)
        assert world.run(minutes=2).state == "siem_away"
    assert world.run().state == "resting"
    assert siem.requests == []
    world.time.now += timedelta(minutes=10)
    assert world.run().state == "done"
    assert siem.has() == world.ids()


@both
def test_a_poisoned_entry_is_set_aside_and_told_and_the_rest_arrives(siem, name):
    world = filled(siem, name)
    bad = entry(6).event.event_id
    siem.poison = {bad}
    progress = world.run()
    assert (progress.delivered, progress.rejected) == (9, 1)
    assert siem.has() == world.ids() - {bad}
    [aside] = world.cursors.set_aside
    assert (aside.index, aside.event_id) == (6, bad)
    [told] = world.cursors.events
    assert (told.action, told.resource.id, told.metadata["count"]) == (Action.SIEM_REJECTED, name, 1)
    assert told.metadata["entries"] == [{"index": 6, "event_id": bad, "code": aside.code}]


def test_that_the_telling_is_refused_too_is_not_told_without_end(siem):
    world = World(siem, DestinationName.OPENSEARCH)
    world.ledger.append(entry(0, Action.SIEM_REJECTED))
    siem.poison = {entry(0).event.event_id}
    assert world.run().rejected == 1
    assert world.cursors.events == []


@both
def test_where_none_of_many_is_taken_nothing_is_skipped(siem, name):
    world = filled(siem, name, count=12, entries=100)
    siem.poison = world.ids()
    assert world.run().state == "siem_refused"
    assert world.cursors.at == {}
    siem.poison = set()
    world.run()
    assert siem.has() == world.ids()


def test_a_wrong_token_skips_nothing(siem):
    world = filled(siem, token="wrong")
    assert world.run().state == "siem_refused"
    assert (world.cursors.at, siem.has()) == ({}, set())


@both
def test_a_batch_too_large_for_the_receiver_is_halved(siem, name):
    siem.most_bytes = 5000
    world = filled(siem, name, entries=100)
    assert world.run().delivered == 10
    assert siem.has() == world.ids()


def test_an_entry_nobody_can_read_is_set_aside_and_blocks_nothing(siem):
    world = filled(siem, count=2)
    world.ledger.append(Entry(THREE_YEARS, 2, b'{"later": "version"}'), entry(3))
    assert (world.run().rejected, world.cursors.set_aside[0].code) == (1, "unreadable")
    assert entry(3).event.event_id in siem.has()


def test_a_bulk_answer_about_other_events_is_no_acknowledgement(siem, monkeypatch):
    world = filled(siem, DestinationName.OPENSEARCH, count=2)
    strangers = {"items": [{"create": {"_id": "evt-x", "status": 201}}] * 2}
    monkeypatch.setattr(siem, "answer", lambda *_: (200, {}, strangers, None))
    assert world.run().state == "siem_away"
    assert world.cursors.at == {}


def test_a_redirect_is_not_followed(siem, monkeypatch):
    elsewhere = {"location": "http://127.0.0.1:9/"}
    monkeypatch.setattr(siem, "answer", lambda *_: (307, elsewhere, {}, None))
    assert filled(siem).run().state == "siem_refused"


def test_two_runs_at_once_do_not_send_twice(siem):
    world = filled(siem)
    world.cursors.busy_until = world.time.now + timedelta(minutes=3)
    assert world.run().state == "resting"
    assert siem.requests == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([DestinationName.SPLUNK, DestinationName.OPENSEARCH]),
    faults=st.lists(st.sampled_from(Fault), max_size=14),
    acknowledges=st.booleans(),
    poison=st.sets(st.integers(0, 11), max_size=3),
    growth=st.lists(st.integers(0, 4), min_size=1, max_size=3),
)
def test_whatever_happens_every_entry_arrives_and_the_cursor_never_passes_one_that_has_not(
    shared, name, faults, acknowledges, poison, growth
):
    """`World` checks at every move of the cursor that all it passes has arrived or was set aside."""
    shared.events, shared.documents, shared.lost = [], {}, set()
    shared.faults, shared.acknowledges = list(faults), acknowledges
    shared.poison = {entry(n).event.event_id for n in poison}
    world = World(shared, name)
    for grown in growth:
        here = len(world.ledger.logs[THREE_YEARS])
        world.ledger.append(*(entry(here + n) for n in range(grown)))
        world.run()
    for _ in range(len(faults) + 1):
        state = world.run().state
    assert state == "done"
    assert shared.has() == world.ids() - shared.poison
    assert {one.event_id for one in world.cursors.set_aside} == shared.poison & world.ids()
