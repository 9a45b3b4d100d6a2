import io
import json

import pytest

from appguard.kernel.answers import Refused
from appguard.kernel.errors import Unavailable
from appguard.kernel.event import Actor, Role
from appguard.privacy.asking import ANSWER, DECIDE, ask
from appguard.privacy.model import Decision, Inquiry, Verb

BY = Actor(id="ada", role=Role.AUDITOR)
INQUIRY = Inquiry(subject="ana@example.com", by=BY)
DECISION = Decision(verb=Verb.ASK, subject="ana@example.com", reason="left us long ago", by=BY)


class Lambda:
    """Answers one call."""

    def __init__(self, answer: object, **more: str) -> None:
        self.reply = {"Payload": io.BytesIO(json.dumps(answer).encode()), **more}
        self.called = ""

    def invoke(self, *, FunctionName, Payload):  # noqa: N803 - boto3's names
        self.called = FunctionName
        json.loads(Payload)
        return self.reply


@pytest.mark.parametrize(("words", "name"), [(INQUIRY, ANSWER), (DECISION, DECIDE)])
def test_each_question_goes_to_its_function(words, name):
    function = Lambda({"known_since": None})
    assert ask(function, words) == {"known_since": None}
    assert function.called == name


def test_a_refusal_keeps_its_code_and_advice():
    error = {"code": "legal_hold", "message": "It is held", "remediation": "Ask security."}
    with pytest.raises(Refused) as refused:
        ask(Lambda({"error": error}), DECISION)
    assert refused.value.as_dict() == {"error": error}


@pytest.mark.parametrize("function", [Lambda({}, FunctionError="Unhandled"), Lambda({"error": "?"})])
def test_a_function_that_fails_or_cannot_be_understood_is_no_answer(function):
    with pytest.raises(Unavailable):
        ask(function, INQUIRY)


def test_no_line_of_a_log_names_the_person():
    assert "ana" not in repr(INQUIRY) + repr(DECISION)
