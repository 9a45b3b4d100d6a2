import io
import json
from types import SimpleNamespace

import boto3
import pytest

from appguard.gates.model import GateFailed
from appguard.gates.sandbox.function import LARGEST, FunctionSandbox
from tests.unit.gates.sandbox.questions import mapped

REPORT = {"outcomes": [], "answers": [{"parameters": {"a": 1}}], "unanswered": "", "walls": ["network"]}
QUESTION = mapped('{"a": 1}')


@pytest.fixture
def lambda_(monkeypatch):
    """A Lambda service that answers as told and remembers what it was sent."""
    service = SimpleNamespace(answer={"Payload": io.BytesIO(json.dumps(REPORT).encode())}, calls=[])

    def invoke(**call):
        service.calls.append(call)
        return service.answer

    monkeypatch.setattr(boto3, "client", lambda name: SimpleNamespace(invoke=invoke))
    return service


def test_the_function_is_given_files_and_questions_and_its_report_is_read(lambda_) -> None:
    report = FunctionSandbox("appguard-sandbox-tests").run({"a": b"x"}, (QUESTION,))
    assert report.answers[0].parameters == {"a": 1}
    [call] = lambda_.calls
    assert call["FunctionName"] == "appguard-sandbox-tests"
    sent = json.loads(call["Payload"])
    assert sent["files"] == {"a": "eA=="}
    [asked] = sent["questions"]
    assert (asked["kind"], asked["source"]["mapping"], asked["rows"]) == ("source", '{"a": 1}', {})


@pytest.mark.parametrize(
    "answer",
    [
        {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")},
        {"Payload": io.BytesIO(b"nonsense")},
        {"Payload": io.BytesIO(json.dumps(REPORT | {"walls": ["paper"]}).encode())},
        {"Payload": io.BytesIO(json.dumps(REPORT | {"more": 1}).encode())},
    ],
    ids=range(4),
)
def test_a_function_that_fails_or_talks_nonsense_fails_the_gate(lambda_, answer) -> None:
    lambda_.answer = answer
    with pytest.raises(GateFailed):
        FunctionSandbox("f").run({}, (QUESTION,))


def test_more_than_lambda_takes_is_refused_before_it_is_sent(lambda_) -> None:
    with pytest.raises(GateFailed, match="too large"):
        FunctionSandbox("f").run({"a": b"x" * LARGEST}, ())
    assert lambda_.calls == []
