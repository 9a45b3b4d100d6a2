import json

import pytest

from appguard.audit.outbox import row
from appguard.audit.relay import Relay, deliveries


class Sqs:
    def __init__(self, failing=()):
        self.sent, self.failing = [], failing

    def send_message_batch(self, **request):
        entries = request["Entries"]
        bad = [e for e in entries if json.loads(e["MessageBody"])["event_id"] in self.failing]
        self.sent += [json.loads(e["MessageBody"]) for e in entries if e not in bad]
        return {"Failed": [{"Id": e["Id"]} for e in bad]}


class Bus:
    def __init__(self, failing=()):
        self.entries, self.failing = [], failing

    def put_events(self, **request):
        self.entries += request["Entries"]
        answers = [
            {"ErrorCode": "x"} if json.loads(e["Detail"])["event_id"] in self.failing else {}
            for e in request["Entries"]
        ]
        return {"FailedEntryCount": 0, "Entries": answers}


def stream(*events, name="INSERT"):
    return {
        "Records": [
            {"eventName": name, "dynamodb": {"SequenceNumber": str(n), "NewImage": row(event)}}
            for n, event in enumerate(events)
        ]
    }


def send(sqs, bus, event) -> list[str]:
    return Relay(sqs, "queue", bus, "bus").send(list(deliveries(event)))


def test_new_events_reach_the_queue_by_id_and_the_bus_in_full(event):
    sqs, bus = Sqs(), Bus()
    assert send(sqs, bus, stream(*(event(n) for n in range(12)))) == []
    assert sqs.sent[11] == {"event_id": event(11).event_id}
    entry = bus.entries[11]
    assert (entry["Source"], entry["DetailType"], entry["EventBusName"]) == ("appguard", "app.created", "bus")
    assert json.loads(entry["Detail"])["event_id"] == event(11).event_id


@pytest.mark.parametrize("failing", ["queue", "bus"])
def test_only_what_did_not_get_through_is_reported(event, failing):
    lost = {event(11).event_id}
    sqs, bus = Sqs(lost if failing == "queue" else ()), Bus(lost if failing == "bus" else ())
    assert send(sqs, bus, stream(*(event(n) for n in range(12)))) == ["11"]


def test_sealing_a_row_is_not_news(event):
    sqs, bus = Sqs(), Bus()
    send(sqs, bus, stream(event(), name="MODIFY"))
    assert (sqs.sent, bus.entries) == ([], [])


def test_what_can_be_no_entry_is_left_to_the_sequencer_and_is_no_news(event):
    sqs, bus = Sqs(), Bus()
    brought = stream(event(1), event(2))
    brought["Records"][0]["dynamodb"]["NewImage"]["body"]["S"] = "not json"
    assert send(sqs, bus, brought) == []
    assert [one["event_id"] for one in sqs.sent] == [event(1).event_id, event(2).event_id]
    assert [json.loads(entry["Detail"])["event_id"] for entry in bus.entries] == [event(2).event_id]
