import pytest

from appguard.audit import outbox as module
from appguard.kernel.errors import StaleVersion, Unavailable


def change(condition: str = "attribute_not_exists(pk)", pk: str = "APP#x"):
    return {
        "Put": {
            "TableName": "catalog",
            "Item": {"pk": {"S": pk}, "sk": {"S": "APP"}},
            "ConditionExpression": condition,
        }
    }


def count(dynamodb, table: str) -> int:
    return dynamodb.scan(TableName=table, Select="COUNT")["Count"]


def test_change_and_event_are_written_together(outbox, dynamodb, event):
    assert outbox.commit([change()], event()) is True
    assert (count(dynamodb, "catalog"), count(dynamodb, "outbox")) == (1, 1)


def test_a_retried_step_changes_nothing_and_says_so(outbox, dynamodb, event):
    outbox.commit([change()], event())
    assert outbox.commit([change(pk="APP#other")], event()) is False
    assert (count(dynamodb, "catalog"), count(dynamodb, "outbox")) == (1, 1)


def test_a_retried_step_whose_version_moved_on_is_still_only_a_retry(outbox, event):
    outbox.commit([change()], event())
    assert outbox.commit([change()], event()) is False


def test_a_stale_write_records_no_event(outbox, dynamodb, event):
    outbox.commit([change()], event(1))
    with pytest.raises(StaleVersion):
        outbox.commit([change()], event(2))
    assert count(dynamodb, "outbox") == 1


def test_a_change_without_an_event_is_refused(outbox):
    with pytest.raises(ValueError, match="without an audit event"):
        outbox.commit([change()])


def test_recording_twice_keeps_one_row_of_the_first_words(outbox, dynamodb, event):
    outbox.record(event(1, note="first"), event(2))
    outbox.record(event(1, note="second"))
    rows = dynamodb.scan(TableName="outbox")["Items"]
    assert len(rows) == 2
    assert not any("second" in row["body"]["S"] for row in rows)


def test_contention_is_retried_and_then_reported(outbox, dynamodb, event, monkeypatch):
    attempts = []

    def busy(**_):
        attempts.append(1)
        raise dynamodb.exceptions.TransactionCanceledException(
            {"Error": {"Code": "x"}, "CancellationReasons": [{"Code": "TransactionConflict"}]}, "op"
        )

    monkeypatch.setattr(dynamodb, "transact_write_items", busy)
    with pytest.raises(Unavailable):
        outbox.commit([], event())
    assert len(attempts) == len(module.PAUSES)
