"""The gate over tests: what each end of a test and each broken example is called, and where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.model import Decision, GateContext
from appguard.gates.runner import run
from appguard.gates.sandbox.model import Answer, Outcome, Packages, Question, SandboxReport
from appguard.gates.tests import check
from appguard.kernel.finding import Finding, Severity

Edit = Callable[..., Bundle]
WALLS = frozenset({"network", "files", "calls"})
TEST = b"def test_a():\n    assert 1 + 1 == 2\n"


class Told:
    """A sandbox that reports what it was told to, and remembers what it was asked."""

    def __init__(self, *outcomes: Outcome, walls: frozenset = WALLS, unanswered: str = "") -> None:
        self._outcomes, self._walls, self._unanswered = outcomes, walls, unanswered
        self.asked: list[tuple[Mapping[str, bytes], tuple[Question, ...]]] = []

    def run(
        self, files: Mapping[str, bytes], questions: tuple[Question, ...], packages: Packages | None = None
    ) -> SandboxReport:
        self.asked.append((files, questions))
        answers = () if self._unanswered else (Answer(refused=()),) * len(questions)
        return SandboxReport(
            outcomes=self._outcomes, answers=answers, unanswered=self._unanswered, walls=self._walls
        )


def with_test(bundle: Bundle, test: bytes = TEST, **files: bytes) -> Bundle:
    """The app without examples and with one file of tests."""
    manifest = bundle.files["app.yaml"].split(b"\ntests:")[0]
    named = {name.replace("__", "."): content for name, content in files.items()}
    return Bundle({"app.yaml": manifest, "tests/test_a.py": test, **named})


def ended(outcome: str, detail: str = "") -> Outcome:
    return Outcome(path="tests/test_a.py", line=2, name="test_a", outcome=outcome, detail=detail)


def told(context: GateContext, bundle: Bundle, *outcomes: Outcome, **said: object) -> list[Finding]:
    return check(bundle, replace(context, sandbox=Told(*outcomes, **said)))


def test_the_finished_example_holds(leave_request: Bundle, context: GateContext) -> None:
    assert check(leave_request, context) == []


def test_an_app_without_tests_starts_no_sandbox(leave_request: Bundle, context: GateContext) -> None:
    sandbox = Told()
    bundle = Bundle({"app.yaml": leave_request.files["app.yaml"].split(b"\ntests:")[0], "logic.py": b"x"})
    assert check(bundle, replace(context, sandbox=sandbox)) == []
    assert sandbox.asked == []


def test_examples_alone_are_asked_at_once_and_bring_no_code(
    leave_request: Bundle, context: GateContext
) -> None:
    sandbox = Told()
    check(leave_request, replace(context, sandbox=sandbox))
    [(files, questions)] = sandbox.asked
    assert files == {}
    assert len(questions) == 2


def test_tests_that_pass_say_nothing(leave_request: Bundle, context: GateContext) -> None:
    bundle = with_test(
        leave_request,
        b"import unittest\nfrom logic import days\n\ndef test_days():\n    assert days(3) == 4\n\n"
        b"class TestDays(unittest.TestCase):\n    def test_none(self):\n        assert days(0) == 1\n",
        logic__py=b"def days(n):\n    return n + 1\n",
    )
    assert check(bundle, context) == []


def test_a_test_that_fails_is_named_with_its_line_and_without_its_data(
    leave_request: Bundle, context: GateContext
) -> None:
    bundle = with_test(leave_request, b"def test_a():\n    x = 'Ana Hall'\n    assert x == 'DE89 3704', x\n")
    [finding] = check(bundle, context)
    assert (finding.rule, finding.severity) == ("test-failed", Severity.BLOCK)
    assert (finding.path, finding.line) == ("tests/test_a.py", 3)
    assert "test_a" in finding.message
    assert "AssertionError" in finding.message
    assert "Ana" not in finding.model_dump_json()


@pytest.mark.parametrize(
    ("outcome", "rule", "severity"),
    [
        (ended("failed", "KeyError"), "test-failed", Severity.BLOCK),
        (ended("died"), "test-failed", Severity.BLOCK),
        (ended("unreadable", "it is not Python"), "test-failed", Severity.BLOCK),
        (ended("escaped", "network"), "tests-escape", Severity.BLOCK),
        (ended("escaped", "calls"), "tests-escape", Severity.BLOCK),
        (ended("too-long"), "tests-too-long", Severity.BLOCK),
        (ended("not-run"), "tests-too-long", Severity.BLOCK),
        (ended("skipped"), "test-skipped", Severity.WARN),
    ],
)
def test_every_end_but_passing_is_a_finding(
    leave_request: Bundle, context: GateContext, outcome: Outcome, rule: str, severity: Severity
) -> None:
    [finding] = told(context, with_test(leave_request), outcome)
    assert (finding.rule, finding.severity, finding.path) == (rule, severity, "tests/test_a.py")
    assert finding.remediation


def test_pytest_is_not_there_and_the_remedy_says_what_is(leave_request: Bundle, context: GateContext) -> None:
    [finding] = check(with_test(leave_request, b"import pytest\n\ndef test_a(): ...\n"), context)
    assert finding.rule == "test-failed"
    assert "without pytest" in finding.remediation


def test_a_file_of_tests_without_a_test_is_a_warning(leave_request: Bundle, context: GateContext) -> None:
    [finding] = check(with_test(leave_request, b"def check(): ...\n"), context)
    assert (finding.rule, finding.severity) == ("tests-empty", Severity.WARN)


@pytest.mark.parametrize(
    ("walls", "severity"),
    [
        ({"files"}, Severity.WARN),
        (set(), Severity.WARN),
        ({"network"}, Severity.HINT),
        ({"calls"}, Severity.HINT),
    ],
)
def test_a_missing_wall_is_said(
    leave_request: Bundle, context: GateContext, walls: set[str], severity: Severity
) -> None:
    [finding] = told(context, with_test(leave_request), ended("passed"), walls=frozenset(walls))
    assert (finding.rule, finding.severity) == ("sandbox-weak", severity)


def test_one_network_wall_is_enough(leave_request: Bundle, context: GateContext) -> None:
    assert told(context, with_test(leave_request), ended("passed"), walls=frozenset({"calls", "files"})) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ends_on: last_day", "ends_on: first_day", "ends_on"),
        ('"ends_on": last_day', '"ends_on": first_day', "ends_on is '2026-07-06' instead of '2026-07-10'"),
        ('"reason": comment', '"reason": "none"', "reason is 'none' instead of absent"),
        ("errors: [last_day]", "errors: [first_day]", "expects errors in first_day, found last_day"),
        ("errors: [last_day]", "errors: []", "expects errors in none, found last_day"),
        ("{leave_type: annual, first_day", "{leave_type: sick, first_day", "the form refuses leave_type"),
        ("given: {leave_type", "given: {colour: red, leave_type", "the form lacks: colour"),
        ('"reason": comment', '"reason": $number("x")', "mapping does not work"),
    ],
)
def test_an_example_that_does_not_hold_says_what_was_found_instead(
    edited: Edit, context: GateContext, old: str, new: str, says: str
) -> None:
    if old == "ends_on: last_day":
        old, new = '"ends_on": last_day', '"ends_on": first_day'
    found = check(edited(old, new), context)
    assert found
    assert {finding.rule for finding in found} == {"test-failed"}
    assert all(finding.path == "app.yaml" and finding.line and finding.line > 90 for finding in found)
    assert says in " ".join(finding.message for finding in found)


def test_true_is_not_one(edited: Edit, context: GateContext) -> None:
    bundle = edited('ends_on: "2026-07-10"}', 'ends_on: "2026-07-10", reason: 1}')
    bundle = Bundle({"app.yaml": bundle.files["app.yaml"].replace(b'"reason": comment', b'"reason": true')})
    assert "reason is True instead of 1" in check(bundle, context)[0].message


def test_an_example_that_stops_the_sandbox_is_named(leave_request: Bundle, context: GateContext) -> None:
    [finding] = told(context, leave_request, unanswered="too-long")
    assert finding.rule == "tests-too-long"
    assert "A week of annual leave" in finding.message


def test_a_mapping_that_runs_away_is_contained(edited: Edit, context: GateContext) -> None:
    bundle = edited(
        '"reason": comment',
        '"reason": $match(leave_type & "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a|a|n|u|l)+$/)',
    )
    assert {finding.rule for finding in check(bundle, context)} <= {"test-failed", "tests-too-long"}


def test_tests_that_pass_make_no_other_finding_smaller(leave_request: Bundle, context: GateContext) -> None:
    manifest = (
        with_test(leave_request).files["app.yaml"].replace(b"data_class: personal", b"data_class: public")
    )
    with_tests = Bundle({"app.yaml": manifest, "tests/test_a.py": TEST})
    without = Bundle({"app.yaml": manifest})
    assert run(with_tests, context).decision is Decision.REFUSED
    rules = {finding.rule for finding in run(without, context).findings}
    assert rules <= {finding.rule for finding in run(with_tests, context).findings}
