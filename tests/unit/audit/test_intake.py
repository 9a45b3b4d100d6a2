import json

import pytest

from appguard.audit.canonical import canonical
from appguard.audit.outbox import row
from appguard.audit.reader import in_bucket
from appguard.kernel.event import RetentionClass


def messages(*bodies: str) -> dict:
    return {"Records": [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def named(name: str) -> str:
    return json.dumps({"event_id": name})


@pytest.fixture
def recorded(outbox, event):
    events = [event(1), event(2, kept=RetentionClass.ONE_YEAR)]
    outbox.record(*events)
    return events


@pytest.fixture
def waiting(dynamodb):
    """The names of rows that wait to become entries."""

    def found() -> list[str]:
        rows = dynamodb.scan(TableName="outbox")["Items"]
        return [one["pk"]["S"] for one in rows if "unsealed" in one]

    return found


@pytest.fixture
def rejections(intake, s3, waiting):
    """What the ledger says of things that are no entries, once it has taken what waits."""

    def found() -> list[dict]:
        intake.take(messages(*map(named, waiting())))
        events = [entry.event for entry in in_bucket(s3, "ledger").entries()]
        return [one.metadata for one in events if one.action == "ledger.rejected"]

    return found


def test_delivered_events_become_entries(intake, s3, recorded):
    ids = [one.event_id for one in recorded]
    assert intake.take(messages(*map(named, [*ids, ids[0]]))) == []
    assert len(list(in_bucket(s3, "ledger").entries())) == 2


def test_one_logs_trouble_does_not_hold_up_the_other(intake, s3, recorded):
    s3.put_object(Bucket="ledger", Key="3y/tile/0/000.p/1", Body=b"somebody else's")
    assert intake.take(messages(*(named(one.event_id) for one in recorded))) == ["m0"]
    assert [entry.log for entry in in_bucket(s3, "ledger").entries()] == ["1y"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "unreadable"),
        ("[]", "unreadable"),
        ('{"event_id": 7}', "unreadable"),
        ('{"event_id": ""}', "unreadable"),
        ("x" * 1_000_000, "too_large"),
        (json.dumps({"event_id": "ä" * 2000}), "too_large"),
        (named("evt-" + "0" * 32), "never_recorded"),
    ],
)
def test_a_message_that_names_no_event_comes_again_and_leaves_one_entry(
    intake, recorded, rejections, body, reason
):
    both = messages(body, named(recorded[0].event_id))
    assert intake.take(both) == ["m0"]
    assert intake.take(both) == ["m0"]
    [said] = rejections()
    assert said["reason"] == reason
    assert set(said) == {"digest", "size", "reason"}


def hostile(event, **changes) -> dict:
    """An outbox row as somebody writes it who may append to the outbox and means harm."""
    return row(event(9)) | {name: {"S": value} for name, value in changes.items()}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"body": "not json"}, "unreadable"),
        ({"body": '{"event_id": "evt-1"}'}, "unreadable"),
        ({"body": "x" * 300_000}, "too_large"),
        ({"pk": "somebody"}, "under_another_id"),
    ],
)
def test_a_row_that_can_be_no_entry_is_set_aside_and_holds_up_nobody(
    intake, dynamodb, recorded, rejections, event, waiting, changes, reason
):
    item = hostile(event, **changes)
    dynamodb.put_item(TableName="outbox", Item=item)
    both = messages(named(item["pk"]["S"]), named(recorded[0].event_id))
    assert intake.take(both) == ["m0"]
    assert item["pk"]["S"] not in waiting()
    assert intake.take(both) == ["m0"]
    [said] = rejections()
    assert (said["reason"], said["size"]) == (reason, len(item["body"]["S"]))
    assert "body" in dynamodb.get_item(TableName="outbox", Key={k: item[k] for k in ("pk", "sk")})["Item"]


def test_an_event_written_in_another_form_is_refused(intake, dynamodb, event, rejections):
    loose = json.dumps(json.loads(canonical(event(9))), indent=1)
    dynamodb.put_item(TableName="outbox", Item=hostile(event, body=loose))
    assert intake.take(messages(named(event(9).event_id))) == ["m0"]
    assert [said["reason"] for said in rejections()] == ["not_canonical"]


def test_attributes_beside_the_event_decide_nothing(intake, dynamodb, s3, event):
    dynamodb.put_item(TableName="outbox", Item=hostile(event, retention_class="never", at="9999"))
    assert intake.take(messages(named(event(9).event_id))) == []
    [entry] = in_bucket(s3, "ledger").entries()
    assert (entry.log, entry.event) == ("3y", event(9))
