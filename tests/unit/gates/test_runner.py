import time
from datetime import UTC, datetime
from pathlib import Path

from appguard.apps.bundle import Bundle
from appguard.gates.model import Decision, GateContext
from appguard.gates.runner import results_of, run, run_one
from appguard.kernel.errors import Unavailable
from appguard.kernel.finding import Finding, Severity

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def quiet(_bundle: Bundle, _context: GateContext) -> list[Finding]:
    return []


def crash(_bundle: Bundle, _context: GateContext) -> list[Finding]:
    raise RuntimeError("secret detail")


def unavailable(_bundle: Bundle, _context: GateContext) -> list[Finding]:
    raise Unavailable("the scanner does not answer")


def slow(_bundle: Bundle, _context: GateContext) -> list[Finding]:
    time.sleep(1)
    return []


def test_a_gate_that_crashes_blocks(leave_request: Bundle, context: GateContext) -> None:
    report = run(leave_request, context, gates={"a": quiet, "b": crash}, seconds={"a": 1, "b": 1})
    assert report.decision is Decision.REFUSED
    (finding,) = report.findings
    assert (finding.gate, finding.rule, finding.severity) == ("b", "gate-failed", Severity.BLOCK)
    assert "RuntimeError" in finding.message
    assert "secret detail" not in finding.message


def test_a_gate_that_takes_too_long_blocks_and_is_not_waited_for(
    leave_request: Bundle, context: GateContext
) -> None:
    started = time.monotonic()
    report = run(leave_request, context, gates={"a": slow}, seconds={"a": 0.05})
    assert [finding.rule for finding in report.findings] == ["gate-failed"]
    assert time.monotonic() - started < 0.9


def test_a_gate_that_names_its_trouble_is_quoted(leave_request: Bundle, context: GateContext) -> None:
    (result,) = results_of(leave_request, context, gates={"a": unavailable}, seconds={"a": 1})
    assert "the scanner does not answer" in result.findings[0].message


def test_gates_run_at_the_same_time(leave_request: Bundle, context: GateContext) -> None:
    gates = dict.fromkeys("abcd", slow)
    started = time.monotonic()
    results = results_of(leave_request, context, gates=gates, seconds=dict.fromkeys(gates, 10.0))
    assert all(result.findings == () for result in results)
    assert time.monotonic() - started < 3.5


def test_policies_that_cannot_be_used_refuse(
    leave_request: Bundle, context: GateContext, tmp_path: Path
) -> None:
    result = run_one("policy", leave_request, GateContext(context.connectors, tmp_path))
    assert [finding.rule for finding in result.findings] == ["gate-failed"]


def test_a_report_names_what_was_looked_at_and_by_which_rules(
    leave_request: Bundle, context: GateContext
) -> None:
    report = run(leave_request, context, clock=lambda: NOW, gates={"a": quiet}, seconds={"a": 1})
    assert report.bundle_digest == leave_request.digest
    assert report.policy_digest.startswith("sha256:")
    assert report.sbom["creationInfo"]["created"] == "2026-11-23T18:00:00Z"
