import itertools

import pytest

from appguard.gates.decision import decide
from appguard.gates.model import Decision
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier


def finding(severity: Severity) -> Finding:
    return Finding(gate="policy", rule="r", severity=severity, message="m", remediation="r")


@pytest.mark.parametrize("tier", list(RiskTier))
@pytest.mark.parametrize("other", [[], list(Severity)])
def test_one_block_refuses_whatever_else_is_found(tier: RiskTier, other: list[Severity]) -> None:
    assert decide([*map(finding, other), finding(Severity.BLOCK)], tier) is Decision.REFUSED


@pytest.mark.parametrize("tier", list(RiskTier))
def test_an_approve_finding_asks_a_person(tier: RiskTier) -> None:
    assert decide([finding(Severity.APPROVE), finding(Severity.HINT)], tier) is Decision.NEEDS_APPROVAL


@pytest.mark.parametrize("tier", [RiskTier.MEDIUM, RiskTier.HIGH])
def test_from_medium_risk_on_a_person_is_asked(tier: RiskTier) -> None:
    assert decide([], tier) is Decision.NEEDS_APPROVAL


def test_low_risk_with_hints_and_warnings_is_clear() -> None:
    assert decide([finding(Severity.HINT), finding(Severity.WARN)], RiskTier.LOW) is Decision.CLEAR


def test_the_order_of_findings_does_not_matter() -> None:
    severities = [Severity.BLOCK, Severity.APPROVE, Severity.WARN, Severity.HINT]
    decisions = {
        decide(list(map(finding, order)), RiskTier.LOW) for order in itertools.permutations(severities)
    }
    assert decisions == {Decision.REFUSED}
