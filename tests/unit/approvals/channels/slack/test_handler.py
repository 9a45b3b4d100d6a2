"""The Lambda entry points: bytes as they were signed, refusals as JSON, our own faults as failures."""

import base64
import json
from types import SimpleNamespace

import pytest

from appguard.approvals.channels.slack import board, desk, handler
from appguard.approvals.channels.slack.errors import SlackAway
from tests.support.slack_server import Fault, signed

CONTEXT = SimpleNamespace(
    function_name="slack",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:slack",
    aws_request_id="request",
    get_remaining_time_in_millis=lambda: 30_000,
)


@pytest.fixture
def deployed(office, monkeypatch):
    """The handlers work in this office."""
    monkeypatch.setattr(desk, "desk", lambda: office.desk)
    monkeypatch.setattr(board, "board", lambda: office.board)
    return office


def posted(office, body: str, *, encoded: bool = False, **headers: str):
    sent = {**signed(body, at=office.world.clock().timestamp()), **headers}
    event = {"headers": sent, "body": body, "isBase64Encoded": encoded}
    if encoded:
        event["body"] = base64.b64encode(body.encode()).decode()
    return handler.answer(event, CONTEXT)


@pytest.mark.parametrize("encoded", [False, True])
def test_a_click_is_answered_with_nothing_and_a_confirmation_with_a_dialog(deployed, encoded):
    deployed.ask()
    press = deployed.server.press("U0ROB", deployed.server.messages[0], "approve")

    clicked = posted(deployed, press, encoded=encoded)
    assert (clicked["statusCode"], clicked["body"]) == (200, "")

    confirmed = posted(deployed, deployed.server.confirm("U0ROB", deployed.server.views[0]), encoded=encoded)
    assert json.loads(confirmed["body"])["response_action"] == "update"
    assert confirmed["headers"]["content-type"] == "application/json"


def test_a_forged_request_gets_a_code_and_a_remedy(deployed):
    reply = posted(deployed, "payload=x", **{"x-slack-signature": "v0=0"})

    assert reply["statusCode"] == 401
    assert json.loads(reply["body"])["error"]["code"] == "slack_signature_invalid"


def test_that_slack_is_away_is_a_failure_of_the_function_so_that_an_alarm_rings(deployed):
    deployed.ask()
    deployed.server.faults = [Fault.BROKEN] * 4

    with pytest.raises(SlackAway):
        posted(deployed, deployed.server.press("U0ROB", deployed.server.messages[0], "approve"))


def record(event, message_id: str, body: str | None = None):
    said = {"detail": event.model_dump(mode="json", by_alias=True)}
    return {
        "messageId": message_id,
        "body": json.dumps(said) if body is None else body,
        "eventSource": "aws:sqs",
    }


def test_of_an_inbox_only_what_failed_comes_again(deployed):
    deployed.ask()
    [event] = deployed.world.events("approval.asked")

    said = handler.tell({"Records": [record(event, "good"), record(event, "bad", "{}")]}, CONTEXT)

    assert said == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(deployed.server.messages) == 1
