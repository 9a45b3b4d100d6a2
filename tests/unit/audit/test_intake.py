import logging

import pytest

from appguard.audit.intake import take
from appguard.audit.reader import in_bucket
from appguard.kernel.event import RetentionClass

LOG = logging.getLogger("test")


def queued(*bodies: str) -> dict:
    return {"Records": [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def named(event) -> str:
    return f'{{"event_id": "{event.event_id}", "retention_class": "3y"}}'


@pytest.fixture
def recorded(outbox, event):
    events = [event(1), event(2, kept=RetentionClass.ONE_YEAR)]
    outbox.record(*events)
    return events


def test_delivered_events_become_entries(sequencer, s3, recorded):
    assert take(sequencer, queued(*map(named, recorded), named(recorded[0])), LOG) == []
    assert len(list(in_bucket(s3, "ledger").entries())) == 2


def test_what_nobody_recorded_or_nobody_can_read_is_left_to_the_queue(sequencer, recorded, event):
    messages = queued("not json", named(recorded[0]), named(event(99)), '{"event_id": "x"}')
    assert take(sequencer, messages, LOG) == ["m0", "m2", "m3"]


def test_one_logs_trouble_does_not_hold_up_the_other(sequencer, s3, recorded):
    s3.put_object(Bucket="ledger", Key="3y/tile/0/000.p/1", Body=b"somebody else's")
    assert take(sequencer, queued(*map(named, recorded)), LOG) == ["m0"]
    assert [entry.log for entry in in_bucket(s3, "ledger").entries()] == ["1y"]
