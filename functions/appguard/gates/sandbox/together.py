"""One start of the sandbox for all gates that ask it: starting it costs more than any answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from threading import Lock

from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext, GateFailed
from appguard.gates.sandbox.model import Asked, Packages, Question, Sandbox, SandboxReport


class Together:
    """A sandbox started once for what several gates ask; each hears what it would have heard alone.

    So a gate whose questions were not reached, because another's kept the sandbox from going on, asks
    again by itself.
    """

    def __init__(self, sandbox: Sandbox, asked: Callable[[], Sequence[Asked]]) -> None:
        """Ask `sandbox` everything that is `asked`, when the first gate wants to know."""
        self._sandbox, self._all, self._lock = sandbox, asked, Lock()

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        """Its part of what all asked."""
        with self._lock:
            told = self._told
        mine = Asked(files, questions, packages)
        return next((share for asked, share in told if asked == mine), None) or self._sandbox.run(*mine)

    @cached_property
    def _told(self) -> list[tuple[Asked, SandboxReport]]:
        asked = self._all()
        files = {path: content for one in asked for path, content in one.files.items()}
        questions = tuple(question for one in asked for question in one.questions)
        try:
            packages = next((one.packages for one in asked if one.packages), None)
            return list(_shares(asked, self._sandbox.run(files, questions, packages)))
        except GateFailed:  # such as a request too large for one call: each for itself
            return []


def together(bundle: Bundle, context: GateContext) -> GateContext:
    """The same context with a sandbox that the gates `tests` and `contracts` share."""

    def asked() -> list[Asked]:
        from appguard.gates import contracts, tests  # noqa: PLC0415 - in the thread of the first that asks

        return [tests.asked(bundle, context), contracts.asked(bundle, context)]

    return replace(context, sandbox=Together(context.sandbox, asked))


def _shares(asked: Sequence[Asked], report: SandboxReport) -> Iterator[tuple[Asked, SandboxReport]]:
    """The parts of a report. Before the first nothing else was asked, so it may have come to a halt."""
    start = 0
    for one in asked:
        end = start + one.expects
        whole = end <= len(report.answers)
        if whole or start == 0:
            yield (
                one,
                report.model_copy(
                    update={
                        "outcomes": report.outcomes if one.files else (),
                        "answers": report.answers[start:end],
                        "unanswered": "" if whole else report.unanswered,
                    }
                ),
            )
        start = end
