"""A report for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from appguard.gates.model import Report
from appguard.kernel.finding import Finding


def render(report: Report, _: Path) -> str:
    """The report as in the contract: decision, risk, findings, digests and the bill of materials."""
    dumped = report.model_dump(mode="json")
    dumped["risk"] = {"tier": report.risk.tier.value, "reasons": list(report.risk.reasons)}
    dumped["findings"] = [_finding(finding) for finding in report.findings]
    return json.dumps(dumped, indent=2, ensure_ascii=False) + "\n"


def render_findings(findings: Sequence[Finding]) -> str:
    """The findings alone."""
    return json.dumps({"findings": [*map(_finding, findings)]}, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return finding.model_dump(mode="json", exclude={"fix"} if finding.fix is None else None)
