from datetime import timedelta

import pytest

from appguard.audit.reader import in_bucket
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Actor, RetentionClass, Role
from appguard.siem import standing
from appguard.siem.model import Batch, DestinationName, Rejection
from appguard.siem.store import DeliveryStore
from tests.support.ledger import NOW
from tests.support.tables import table

SPLUNK = DestinationName.SPLUNK
LOG = RetentionClass.THREE_YEARS
OLGA = Actor(id="olga", role=Role.PLATFORM)


@pytest.fixture
def store(dynamodb, outbox, monkeypatch):
    table(dynamodb, "siem")
    made = DeliveryStore(dynamodb, "siem", outbox)
    monkeypatch.setattr(standing, "deliveries", lambda: made)
    return made


def delivered(store, end, *refused):
    store.take(SPLUNK, NOW, NOW)
    store.advance(SPLUNK, Batch(LOG, 0, end, []), NOW, refused, [])
    store.leave(SPLUNK, NOW, "siem_away")


def test_a_destination_is_known_from_its_first_run_on(store, s3):
    assert list(standing.standings(in_bucket(s3, "ledger"), NOW)) == []


def test_each_log_says_what_arrived_and_since_when_the_rest_waits(store, s3, seal, event):
    seal(*(event(n) for n in range(4)))
    delivered(store, 3)
    [one] = standing.standings(in_bucket(s3, "ledger"), NOW + timedelta(minutes=7))
    assert (one.position, one.size, one.waiting, one.lag_seconds) == (3, 4, 1, 420)
    assert one.state == "siem_away"


def test_what_was_refused_can_be_looked_up(store):
    bad = Rejection(1, "evt-" + "0" * 32, "hec_6", "app.created")
    delivered(store, 3, bad)
    assert standing.set_aside() == {SPLUNK: [bad]}


def test_going_back_sends_once_more_and_says_how_much(store):
    delivered(store, 9)
    assert standing.rewind(SPLUNK, LOG, 4, OLGA, NOW) == 5
    assert store.position(SPLUNK, LOG) == 4


@pytest.mark.parametrize("to", [9, 10, -1])
def test_nobody_goes_forward_or_where_nothing_is(store, to):
    delivered(store, 9)
    with pytest.raises(Invalid):
        standing.rewind(SPLUNK, LOG, to, OLGA, NOW)
    assert store.position(SPLUNK, LOG) == 9


def test_a_destination_never_delivered_to_has_no_cursor(store):
    with pytest.raises(NotFound):
        standing.rewind(DestinationName.LAKE, LOG, 0, OLGA, NOW)
