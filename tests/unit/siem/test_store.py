import json
from datetime import timedelta

import pytest

from appguard.kernel.errors import StaleVersion
from appguard.kernel.event import Actor, RetentionClass, Role
from appguard.siem.events import rejected, rewound
from appguard.siem.model import Batch, DestinationName, Rejection
from appguard.siem.store import DeliveryStore
from tests.support.entries import AT
from tests.support.tables import table

SPLUNK, OPENSEARCH = DestinationName.SPLUNK, DestinationName.OPENSEARCH
LOG = RetentionClass.THREE_YEARS
BAD = Rejection(2, "evt-" + "0" * 32, "hec_6", "app.created")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(dynamodb, outbox):
    table(dynamodb, "siem")
    return DeliveryStore(dynamodb, "siem", outbox)


def advance(store, start, end, *refused):
    batch = Batch(LOG, start, end, [])
    store.advance(SPLUNK, batch, AT, refused, rejected(SPLUNK, batch, refused, AT))


def recorded(dynamodb):
    return [json.loads(item["body"]["S"]) for item in dynamodb.scan(TableName="outbox")["Items"]]


def test_a_destination_begins_at_the_first_entry_of_every_log(store):
    assert {store.position(SPLUNK, log) for log in RetentionClass} == {0}
    assert store.state(SPLUNK) is None


def test_the_cursor_moves_for_one_destination_and_log_and_records_nothing(store, dynamodb):
    advance(store, 0, 5)
    advance(store, 5, 9)
    assert store.position(SPLUNK, LOG) == 9
    assert store.position(SPLUNK, RetentionClass.ONE_YEAR) == 0
    assert store.position(OPENSEARCH, LOG) == 0
    assert recorded(dynamodb) == []


@pytest.mark.parametrize("refused", [(), (BAD,)])
def test_a_run_that_was_overtaken_moves_nothing(store, dynamodb, refused):
    advance(store, 0, 5)
    with pytest.raises(StaleVersion):
        advance(store, 0, 3, *refused)
    with pytest.raises(StaleVersion):
        advance(store, 7, 9, *refused)
    assert store.position(SPLUNK, LOG) == 5
    assert (recorded(dynamodb), store.rejected(SPLUNK, 10)) == ([], [])


def test_what_is_refused_is_set_aside_and_told_as_the_cursor_passes_it(store, dynamodb):
    advance(store, 0, 5, BAD)
    assert store.position(SPLUNK, LOG) == 5
    assert store.rejected(SPLUNK, 10) == [BAD]
    [told] = recorded(dynamodb)
    assert (told["action"], told["result"], told["metadata"]["log"]) == ("siem.rejected", "failure", "3y")


def test_one_run_at_a_time_delivers_and_the_next_one_when_it_left(store):
    assert store.take(SPLUNK, AT, AT + MINUTE)
    assert not store.take(SPLUNK, AT, AT + MINUTE)
    assert store.take(OPENSEARCH, AT, AT + MINUTE)
    assert store.state(SPLUNK) == "delivering"
    store.leave(SPLUNK, AT, "done")
    assert store.state(SPLUNK) == "done"
    assert store.take(SPLUNK, AT + timedelta(microseconds=1), AT + MINUTE)


def test_a_run_that_died_is_waited_for_no_longer_than_it_may_live(store):
    store.take(SPLUNK, AT, AT + MINUTE)
    assert store.take(SPLUNK, AT + 2 * MINUTE, AT + 3 * MINUTE)


def test_a_destination_that_asked_for_rest_gets_it(store):
    store.take(SPLUNK, AT, AT + MINUTE)
    store.leave(SPLUNK, AT + 10 * MINUTE, "siem_away")
    assert not store.take(SPLUNK, AT + 9 * MINUTE, AT + 15 * MINUTE)
    assert store.take(SPLUNK, AT + 11 * MINUTE, AT + 15 * MINUTE)


def test_going_back_is_told_with_who_did(store, dynamodb):
    advance(store, 0, 5)
    olga = Actor(id="olga", role=Role.PLATFORM)
    store.rewind(SPLUNK, LOG, 5, 2, rewound(SPLUNK, LOG, 5, 2, olga, AT))
    assert store.position(SPLUNK, LOG) == 2
    [told] = recorded(dynamodb)
    assert (told["action"], told["actor"]["id"]) == ("siem.rewound", "olga")
    assert told["metadata"] == {"log": "3y", "before": 5, "to": 2}
