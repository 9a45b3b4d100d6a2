"""From findings to a decision: a pure function, replayable from the evidence."""

from collections.abc import Iterable

from appguard.gates.model import Decision
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier


def decide(findings: Iterable[Finding], tier: RiskTier) -> Decision:
    """Refuse on any block; ask a person on any approve or from medium risk on; else clear."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Decision.REFUSED
    if Severity.APPROVE in severities or tier >= RiskTier.MEDIUM:
        return Decision.NEEDS_APPROVAL
    return Decision.CLEAR
