"""The sandbox's own answers without the sandbox around them: no code runs for a contract."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from appguard.gates.model import GateContext
from appguard.gates.sandbox.model import Answer, Packages, Question, SandboxReport, request
from appguard.runtime.trial.answers import answers


class Here:
    """Answers in this process."""

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        asked = request(files, questions)["questions"]
        told = tuple(Answer.model_validate(said) for question in asked for said in answers(question))
        return SandboxReport(outcomes=(), answers=told, unanswered="", walls=frozenset())


@pytest.fixture
def context() -> GateContext:
    return replace(GateContext.of_platform(), sandbox=Here())
