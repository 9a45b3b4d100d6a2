from datetime import timedelta

import boto3
import pytest

from appguard.audit.sweep import GRACE, requeue


@pytest.fixture
def swept(outbox, dynamodb, event):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]

    def run(after: timedelta) -> int:
        return requeue(dynamodb, "outbox", sqs, url, event().timestamp + after)

    return run


def test_events_that_never_became_entries_are_queued_again(swept, outbox, event):
    outbox.record(*(event(n) for n in range(15)))
    assert swept(GRACE * 2) == 15


def test_recent_events_are_given_their_time(swept, outbox, event):
    outbox.record(event())
    assert swept(GRACE / 2) == 0


def test_entries_are_left_alone(swept, seal, event):
    seal(event(1), event(2))
    assert swept(GRACE * 2) == 0
