"""From findings to a decision: a pure function, replayable from the evidence."""

from collections.abc import Iterable

from appguard.gates.model import Decision
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier


def decide(findings: Iterable[Finding], tier: RiskTier | None) -> Decision:
    """Refuse on any block; ask a person on any approve or from medium risk on; else clear.

    An unknown `tier` (nobody could read the manifest) is refused: what cannot be judged does not pass.
    """
    severities = {finding.severity for finding in findings}
    if tier is None or Severity.BLOCK in severities:
        return Decision.REFUSED
    if Severity.APPROVE in severities or tier >= RiskTier.MEDIUM:
        return Decision.NEEDS_APPROVAL
    return Decision.CLEAR
