import json

import pytest

from appguard.kernel.event import Result
from appguard.operations.noting.failures import Failures

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:appguard-operations-sweep"


def report(**changes):
    """What Lambda sends to an on-failure destination."""
    return {
        "version": "1.0",
        "timestamp": "2026-03-01T07:00:00.123Z",
        "requestContext": {
            "requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
            "functionArn": FUNCTION,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": {"detail": {"person": "ana@example.com"}},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": "no row for ana@example.com", "errorType": "LookupError"},
    } | changes


class Ledger:
    def __init__(self):
        self.events = {}

    def record(self, *events):
        for event in events:
            self.events.setdefault(event.event_id, event)


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def note(ledger):
    return lambda *bodies: Failures(ledger).note(
        (str(n), body if isinstance(body, str) else json.dumps(body)) for n, body in enumerate(bodies)
    )


def test_a_function_that_failed_for_good_is_an_entry_with_the_way_to_its_log(note, ledger):
    assert note(report()) == []
    (event,) = ledger.events.values()
    assert (event.action, event.result) == ("platform.failed", Result.FAILURE)
    assert (event.resource.type, event.resource.id) == ("function", "appguard-operations-sweep")
    assert event.metadata == {
        "condition": "RetriesExhausted",
        "attempts": 3,
        "error": "LookupError",
        "request_id": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
    }


def test_neither_what_was_asked_nor_what_was_said_gets_into_the_ledger(note, ledger):
    note(report(), report(responsePayload={"errorType": "no row for ana@example.com"}))
    assert "ana@example.com" not in "".join(event.model_dump_json() for event in ledger.events.values())


def test_a_failure_told_twice_is_one_entry(note, ledger):
    note(report())
    note(report())
    assert len(ledger.events) == 1


@pytest.mark.parametrize("answer", [None, {}, {"errorType": None}, {"errorType": "x" * 200}])
def test_a_function_that_could_not_even_say_what_was_wrong_is_told_of(note, ledger, answer):
    assert note(report(responsePayload=answer)) == []
    (event,) = ledger.events.values()
    assert event.metadata["error"] == "unnamed"


def test_a_version_or_alias_of_a_function_is_that_function(note, ledger):
    context = report()["requestContext"] | {"functionArn": f"{FUNCTION}:$LATEST"}
    note(report(requestContext=context))
    (event,) = ledger.events.values()
    assert event.resource.id == "appguard-operations-sweep"


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", json.dumps(report(requestContext={}))])
def test_what_is_no_such_report_is_handed_back_and_holds_up_nothing(note, ledger, body):
    assert note(report(), body) == ["1"]
    assert len(ledger.events) == 1
