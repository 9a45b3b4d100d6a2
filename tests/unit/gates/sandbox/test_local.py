import pytest

from appguard.gates.model import GateFailed
from appguard.gates.sandbox.local import LocalSandbox
from appguard.gates.sandbox.model import SchemaQuestion
from appguard.kernel.errors import Unavailable
from appguard.runtime.trial import start
from tests.unit.gates.sandbox.questions import mapped


def test_tests_and_questions_share_one_sandbox() -> None:
    questions = (
        mapped('{"a": 1}'),
        SchemaQuestion(schema="true", examples=("1",)),
    )
    report = LocalSandbox().run({"tests/test_a.py": b"def test_a(): ...\n"}, questions)
    assert [outcome.outcome for outcome in report.outcomes] == ["passed"]
    assert report.answers[0].parameters == {"a": 1}
    assert report.answers[1].problems == ("",)


@pytest.mark.parametrize("answer", [{}, {"outcomes": "all passed"}])
def test_a_report_that_cannot_be_read_fails_the_gate(monkeypatch, answer: dict) -> None:
    monkeypatch.setattr(start, "report_on", lambda _: answer)
    with pytest.raises(GateFailed, match="cannot be read"):
        LocalSandbox().run({}, ())


def test_a_sandbox_that_does_not_start_fails_the_gate(monkeypatch) -> None:
    def broken(_: object) -> dict:
        raise Unavailable("The sandbox ended without a report.")

    monkeypatch.setattr(start, "report_on", broken)
    with pytest.raises(GateFailed, match="without a report"):
        LocalSandbox().run({}, ())
