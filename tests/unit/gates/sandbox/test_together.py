"""One start of the sandbox for several gates: each hears what it would have heard alone."""

from collections.abc import Mapping

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates import contracts, tests
from appguard.gates.model import GateContext, GateFailed
from appguard.gates.sandbox.model import Answer, Asked, Outcome, Packages, Question, SandboxReport
from appguard.gates.sandbox.together import Together, together
from tests.unit.gates.sandbox.questions import mapped

TESTED = Asked(
    {"tests/test_a.py": b"def test_a(): ...\n"},
    (mapped("1"),),
)
TRIED = Asked(
    {},
    tuple(mapped(mapping) for mapping in "23"),
)
PASSED = Outcome(path="tests/test_a.py", line=1, name="test_a", outcome="passed", detail="")


class Counting:
    """Answers a mapping with its own text, up to one that halts it; counts how often it was started."""

    def __init__(self, halts_at: str = "", most: int = 10) -> None:
        self._halts_at, self._most = halts_at, most
        self.starts = 0

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        self.starts += 1
        if len(questions) > self._most:
            raise GateFailed("the bundle is too large for the sandbox")
        answers = []
        for question in questions:
            if question.source.mapping == self._halts_at:
                break
            answers.append(Answer(parameters={"said": question.source.mapping}))
        return SandboxReport(
            outcomes=(PASSED,) if files else (),
            answers=tuple(answers),
            unanswered="" if len(answers) == len(questions) else "died",
            walls=frozenset({"files"}),
        )


def test_one_start_answers_both_as_if_each_had_been_alone() -> None:
    sandbox = Counting()
    shared = Together(sandbox, lambda: [TESTED, TRIED])
    assert shared.run(*TRIED) == Counting().run(*TRIED)
    assert shared.run(*TESTED) == Counting().run(*TESTED)
    assert sandbox.starts == 1


@pytest.mark.parametrize(("halts_at", "starts"), [("1", 2), ("2", 2), ("3", 2)])
def test_a_halt_is_heard_by_the_gate_that_caused_it_alone(halts_at: str, starts: int) -> None:
    sandbox = Counting(halts_at)
    shared = Together(sandbox, lambda: [TESTED, TRIED])
    assert shared.run(*TESTED) == Counting(halts_at).run(*TESTED)
    assert shared.run(*TRIED) == Counting(halts_at).run(*TRIED)
    assert sandbox.starts == starts


def test_what_is_too_much_for_one_start_is_asked_one_by_one() -> None:
    sandbox = Counting(most=2)
    shared = Together(sandbox, lambda: [TESTED, TRIED])
    assert shared.run(*TRIED) == Counting().run(*TRIED)
    assert shared.run(*TESTED) == Counting().run(*TESTED)


def test_what_nobody_announced_is_asked_by_itself() -> None:
    other = Asked(
        {},
        (mapped("4"),),
    )
    assert Together(Counting(), lambda: [TESTED, TRIED]).run(*other) == Counting().run(*other)


def test_the_gates_ask_what_they_announced(leave_request: Bundle, context: GateContext) -> None:
    bundle = Bundle({**leave_request.files, **TESTED.files})
    asked = list[Asked]()

    class Listening:
        def run(
            self,
            files: Mapping[str, bytes],
            questions: tuple[Question, ...],
            packages: Packages | None = None,
        ) -> SandboxReport:
            asked.append(Asked(files, questions, packages))
            return context.sandbox.run(files, questions)

    shared = together(bundle, GateContext(context.connectors, context.policies, Listening()))
    assert tests.check(bundle, shared) == tests.check(bundle, context)
    assert contracts.check(bundle, shared) == contracts.check(bundle, context)
    [one] = asked
    asked = (tests.asked(bundle, context), contracts.asked(bundle, context))
    assert one.questions == tuple(question for each in asked for question in each.questions)
