"""What became of the app's own tests."""

from collections.abc import Iterator, Mapping

from appguard.gates.sandbox.model import Outcome, SandboxReport
from appguard.kernel.finding import Finding, Severity
from appguard.runtime.trial.collect import is_test

_TRIED = {
    "network": "to reach the network",
    "process": "to start another process",
    "files": "to read or write files outside its own folder",
    "native": "to load native code",
    "signals": "to signal other processes",
    "tampering": "to tamper with the sandbox",
    "calls": "something of the system that tests have no use for",
}
_WHY = {
    "died": "it ended the process it ran in, or used up its memory",
    "unreadable": "the file cannot be read",
}


def findings(files: Mapping[str, bytes], report: SandboxReport) -> Iterator[Finding]:
    """What each test's end means, which files hold none, and which walls were missing."""
    for outcome in report.outcomes:
        yield from _judged(outcome)
    if files:
        yield from _silent(files, report)
        yield from _walls(report)


def _judged(outcome: Outcome) -> Iterator[Finding]:
    where = f"The test {outcome.name} in {outcome.path}"
    match outcome.outcome:
        case "escaped":
            yield _at(
                outcome,
                "tests-escape",
                f"{where} tried {_TRIED.get(outcome.detail, 'to leave the sandbox')}; it was stopped.",
                "A test works with the app's own functions and made-up values, in its own folder. "
                "Replace what reaches further by a function the test passes in.",
            )
        case "too-long" | "not-run":
            ran = "ran too long and was stopped" if outcome.outcome == "too-long" else "did not get its turn"
            yield _at(
                outcome,
                "tests-too-long",
                f"{where} {ran}.",
                "A test has 3 seconds, all tests together 20, and at most 200 are run. Make it smaller.",
            )
        case "skipped":
            yield _at(
                outcome,
                "test-skipped",
                f"{where} was skipped.",
                "Remove it, or let it run: what is skipped proves nothing.",
                Severity.WARN,
            )
        case "failed" | "died" | "unreadable":
            why = _WHY.get(outcome.outcome, f"{outcome.detail} in line {outcome.line}")
            yield _at(outcome, "test-failed", f"{where} failed: {why}.", _remedy(outcome))


def _remedy(outcome: Outcome) -> str:
    if outcome.detail in ("ModuleNotFoundError", "ImportError"):
        return (
            "Tests may import the app's own files, the standard library and, once requirements.txt is "
            "complete, what it lists. Write plain test_… functions or unittest.TestCase, without pytest."
        )
    return f"Correct the code or the test; {outcome.path} stopped in line {outcome.line}."


def _silent(files: Mapping[str, bytes], report: SandboxReport) -> Iterator[Finding]:
    """A test file without a test looks like a safeguard and is none."""
    spoken = {outcome.path for outcome in report.outcomes}
    for path in sorted(path for path in filter(is_test, files) if path not in spoken):
        yield Finding(
            gate="tests",
            rule="tests-empty",
            severity=Severity.WARN,
            message=f"{path} holds no test.",
            remediation="Name its functions test_…, or its class Test…; or remove the file.",
            path=path,
        )


def _walls(report: SandboxReport) -> Iterator[Finding]:
    """Tested code ran with fewer walls than it should: said, because what it did is less certain."""
    lacking = {
        "network": not report.walls & {"network", "calls"},
        "files": "files" not in report.walls,
    }
    if missing := [name for name, lacks in lacking.items() if lacks]:
        yield Finding(
            gate="tests",
            rule="sandbox-weak",
            severity=Severity.WARN if "network" in missing else Severity.HINT,
            message=f"The tests ran where the system does not fence in {' and '.join(missing)}.",
            remediation="What Python itself reports was still stopped. On Linux "
            "5.13 or newer, outside of a container that forbids it, the kernel stops the rest.",
            controls=("NIST-SC-39",),
        )


def _at(
    outcome: Outcome, rule: str, message: str, remediation: str, severity: Severity = Severity.BLOCK
) -> Finding:
    return Finding(
        gate="tests",
        rule=rule,
        severity=severity,
        message=message,
        remediation=remediation,
        path=outcome.path,
        line=outcome.line,
        controls=("ISO27001-A.8.29",) if rule != "tests-escape" else ("ISO27001-A.8.31", "NIST-SC-39"),
    )
