"""The sandbox's own answers without the sandbox around them: no code runs for a contract."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from appguard.gates.model import GateContext
from appguard.gates.sandbox.model import Answer, Question, SandboxReport, request
from appguard.runtime.trial.answers import answer


class Here:
    """Answers in this process."""

    def run(self, files: Mapping[str, bytes], questions: tuple[Question, ...]) -> SandboxReport:
        asked = request(files, questions)["questions"]
        answers = tuple(Answer.model_validate(answer(question)) for question in asked)
        return SandboxReport(outcomes=(), answers=answers, unanswered="", walls=frozenset())


@pytest.fixture
def context() -> GateContext:
    return replace(GateContext.of_platform(), sandbox=Here())
