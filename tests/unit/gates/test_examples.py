"""The finished example passes to a reviewer; each bad one is refused for the reason it is named after."""

from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.model import Decision, GateContext
from appguard.gates.runner import run
from appguard.kernel.finding import Severity

EXAMPLES = Path(__file__).parents[3] / "examples"
BAD = sorted(path.name for path in (EXAMPLES / "bad").iterdir())


def test_there_are_ten_bad_examples() -> None:
    assert len(BAD) == 10


@pytest.mark.parametrize("rule", BAD)
def test_a_bad_example_is_refused_for_its_own_reason_alone(rule: str, context: GateContext) -> None:
    report = run(Bundle.from_dir(EXAMPLES / "bad" / rule), context)
    assert report.decision is Decision.REFUSED
    assert {finding.rule for finding in report.findings if finding.severity is Severity.BLOCK} == {rule}
    assert all(finding.remediation for finding in report.findings)


def test_the_finished_example_needs_an_approval_and_nothing_else(
    leave_request: Bundle, context: GateContext
) -> None:
    report = run(leave_request, context)
    assert report.decision is Decision.NEEDS_APPROVAL
    assert {finding.rule for finding in report.findings} == {"personal-data", "export-personal"}
    assert report.risk.tier.value == "medium"
