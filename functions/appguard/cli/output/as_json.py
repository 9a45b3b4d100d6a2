"""A report for programs."""

import json
from pathlib import Path

from appguard.gates.model import Report


def render(report: Report, _: Path) -> str:
    """The report as in the contract: decision, risk, findings, digests and the bill of materials."""
    dumped = report.model_dump(mode="json")
    dumped["risk"] = {"tier": report.risk.tier.value, "reasons": list(report.risk.reasons)}
    for finding in dumped["findings"]:
        if finding["fix"] is None:
            del finding["fix"]
    return json.dumps(dumped, indent=2, ensure_ascii=False) + "\n"
