"""Calls of connectors in logic.py, read and not run."""

from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.contracts import check
from appguard.gates.contracts.calls import calls
from appguard.gates.model import GateContext
from appguard.kernel.finding import Severity

Edit = Callable[..., Bundle]
DAYS = '{"from": "2026-01-01", "to": "2026-02-01"}'


@pytest.mark.parametrize(
    "line",
    [
        f'broker.query("hr-db", "team_calendar", {DAYS})',
        f'broker.query(connector="hr-db", query="team_calendar", parameters={DAYS})',
        'broker.query("hr-db", "team_calendar", {"from": day, "to": day})',
        'broker.query("hr-db", "team_calendar", {**days})',
        'broker.query("hr-db", "team_calendar", days)',
        'broker.query("hr-db", "my_leave_requests")',
        'table.query("a.b > 3")',
        "def broken(:",
    ],
)
def test_calls_that_fit_and_what_is_no_call_say_nothing(
    edited: Edit, context: GateContext, line: str
) -> None:
    assert check(edited(logic__py=line.encode()), context) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('broker.query("hr-db", "my_health_notes")', "contract-call-not-asked"),
        ('broker.query("payroll-db", "my_payslips", {})', "contract-call-not-asked"),
        ('broker.command("hr-db", "request_leave", {})', "contract-call-unavailable"),
        (f'broker.export("hr-db", "team_calendar", {DAYS})', "contract-call-unavailable"),
        ('broker.query("hr-db", "request_leave", {})', "contract-call-not-asked"),
        ('broker.query("hr-db", "team_calendar", {"from": day})', "contract-parameter-missing"),
        ('broker.query("hr-db", "team_calendar")', "contract-parameter-missing"),
        (
            'broker.query("hr-db", "team_calendar", {"from": day, "to": day, "x": 1})',
            "contract-parameter-unknown",
        ),
        ('broker.query("hr-db", "team_calendar", {"from": "soon", "to": day})', "contract-parameter-type"),
        ('broker.query("hr-db", "my_leave_requests", {"status": "open"})', "contract-choice-unknown"),
    ],
)
def test_a_call_the_broker_would_refuse_blocks_at_its_line(
    edited: Edit, context: GateContext, line: str, rule: str
) -> None:
    found = check(edited(logic__py=f"# calls\n{line}\n".encode()), context)
    assert {(f.rule, f.severity, f.path, f.line) for f in found} == {(rule, Severity.BLOCK, "logic.py", 2)}


@pytest.mark.parametrize(
    "line", ["broker.query(name, 'x')", "self.client.query(*args)", "connectors.query(a, b)"]
)
def test_a_call_whose_names_are_computed_is_said(edited: Edit, context: GateContext, line: str) -> None:
    [finding] = check(edited(logic__py=line.encode()), context)
    assert (finding.rule, finding.severity) == ("contract-call-unreadable", Severity.WARN)


@pytest.mark.parametrize("source", [b"\x00", b"(" * 5000, b"\xff", b"def ("], ids=range(4))
def test_what_is_no_python_has_no_calls(source: bytes) -> None:
    assert list(calls(Bundle({"app.yaml": b"", "logic.py": source}))) == []
