"""Kills, lost replies, throttles, duplicates and rivals, at every call the sequencer makes."""

from itertools import count

import pytest

from appguard.audit.reader import in_bucket
from appguard.audit.verify import load_keys, verify_export
from appguard.kernel.ids import EventId
from tests.support.ledger import queued
from tests.support.steps import Fate, Worker, watch


@pytest.fixture
def deliver(intake, dynamodb, s3):
    """A delivery of these events that waits before each call it makes."""
    watch(dynamodb, s3)
    return lambda events: Worker(lambda: intake.take(queued(*events)))


def assert_whole(s3, folder, expected: set[EventId]) -> None:
    """Every event is exactly one entry of a log that verifies."""
    verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
    ids = [entry.event.event_id for entry in in_bucket(s3, "ledger").entries()]
    assert sorted(ids) == sorted(expected)


def stand_before(worker: Worker, call: int) -> bool:
    """Go on to the call of this number; whether there is one."""
    for _ in range(call):
        if worker.running:
            worker.step()
    return worker.running


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.DONE])
def test_whatever_becomes_of_any_call_a_second_delivery_completes_the_work(
    outbox, deliver, s3, exported, event, fate
):
    expected = set()
    for call in count():
        events = [event(call * 10 + n) for n in range(2)]
        expected |= {one.event_id for one in events}
        outbox.record(*events)
        worker = deliver(events)
        reached = stand_before(worker, call)
        if reached:
            worker.step(fate)
        worker.finish()
        again = deliver(events)
        again.finish()
        assert again.result == []
        if not reached:
            break
    assert call > 10
    assert_whole(s3, exported(), expected)


def test_a_rival_before_any_call_neither_doubles_nor_forks(outbox, deliver, s3, exported, event):
    expected = set()
    for call in count():
        mine, both, theirs = (event(call * 3 + k) for k in range(3))
        expected |= {one.event_id for one in (mine, both, theirs)}
        outbox.record(mine, both, theirs)
        worker = deliver([mine, both])
        reached = stand_before(worker, call)
        rival = deliver([theirs, both])
        rival.finish()
        worker.finish()
        assert (worker.result, rival.result) == ([], [])
        if not reached:
            break
    assert call > 10
    assert_whole(s3, exported(), expected)


def test_what_a_reader_finds_between_the_steps_verifies(outbox, deliver, s3, exported, event):
    outbox.record(*(event(n) for n in range(4)))
    deliver([event(0)]).finish()
    worker = deliver([event(1), event(2), event(3)])
    for call in count():
        folder = exported(f"between-{call}")
        verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
        if not worker.running:
            break
        worker.step()
    assert call > 10
    assert len(list(in_bucket(s3, "ledger").entries())) == 4


def test_a_throttled_transaction_costs_its_own_events_a_second_delivery_and_no_others(
    outbox, deliver, s3, exported, event
):
    events = [event(n) for n in range(120)]
    outbox.record(*events)
    worker = deliver(events)
    while worker.calling != "TransactWriteItems":
        worker.step()
    worker.step()
    while worker.calling != "TransactWriteItems":
        worker.step()
    worker.step(Fate.THROTTLED)
    worker.finish()
    assert len(worker.result) == 120 - 98
    again = deliver([one for one in events if one.event_id in worker.result])
    again.finish()
    assert again.result == []
    assert_whole(s3, exported(), {one.event_id for one in events})
