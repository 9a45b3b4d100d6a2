"""The entry points, wired to emulated services by their environment."""

import json
from types import SimpleNamespace

import boto3
import pytest

from appguard.audit import handler
from appguard.audit.outbox import row
from appguard.audit.reader import in_bucket

CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn:f", aws_request_id="r"
)


@pytest.fixture(autouse=True)
def environment(aws, monkeypatch, signer):
    queue = boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    boto3.client("events").create_event_bus(Name="bus")
    words = {
        "OUTBOX_TABLE": "outbox",
        "LEDGER_TABLE": "ledger",
        "LEDGER_BUCKET": "ledger",
        "LEDGER_KEY_ID": "key",
        "LEDGER_ORIGIN": "test.example/ledger",
        "LEDGER_QUEUE_URL": queue,
        "EVENT_BUS": "bus",
    }
    for name, value in words.items():
        monkeypatch.setenv(name, value)
    # moto's KMS knows no Ed25519; the real call is tested in test_signing.
    monkeypatch.setattr(handler, "kms_signer", lambda _client, _key_id: signer)
    handler._relay.cache_clear()
    handler._intake.cache_clear()
    return queue


def received(queue: str) -> list[dict]:
    messages = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [{"messageId": m["MessageId"], "body": m["Body"]} for m in messages]


def test_an_event_travels_from_the_stream_into_the_ledger(environment, outbox, s3, event):
    outbox.record(event())
    new = {"SequenceNumber": "1", "NewImage": row(event())}
    stream = {"Records": [{"eventName": "INSERT", "dynamodb": new}]}
    assert handler.relay(stream, CONTEXT) == {"batchItemFailures": []}
    assert handler.sequence({"Records": received(environment)}, CONTEXT) == {"batchItemFailures": []}
    assert [entry.event for entry in in_bucket(s3, "ledger").entries()] == [event()]


def test_a_message_that_cannot_be_sealed_is_asked_for_again(dynamodb, s3, event):
    lost = {"messageId": "m", "body": json.dumps({"event_id": event().event_id})}
    assert handler.sequence({"Records": [lost]}, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def test_the_sweep_queues_what_the_queue_lost(environment, outbox, event):
    outbox.record(event())
    assert handler.sweep({}, CONTEXT) == {"queued": 1}
    assert [json.loads(one["body"])["event_id"] for one in received(environment)] == [event().event_id]
