"""From findings to a decision: a pure function, replayable from the evidence."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from appguard.gates.model import Decision
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier

if TYPE_CHECKING:
    from appguard.gates.renewal import Renewal


def decide(findings: Collection[Finding], tier: RiskTier, renewal: "Renewal | None" = None) -> Decision:
    """Refuse on any block; ask a person on any approve or from medium risk on; else clear.

    A `renewal` without objections needs nobody: a person has approved as much already.
    """
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Decision.REFUSED
    if Severity.APPROVE not in severities and tier < RiskTier.MEDIUM:
        return Decision.CLEAR
    if renewal and not renewal.objections(findings, tier):
        return Decision.CLEAR
    return Decision.NEEDS_APPROVAL
