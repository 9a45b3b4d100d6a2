"""A report for code hosts: SARIF 2.1.0."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from appguard.gates.model import Report
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.fix import Fix

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {
    Severity.BLOCK: "error",
    Severity.APPROVE: "warning",
    Severity.WARN: "warning",
    Severity.HINT: "note",
}


def render(report: Report, _: Path) -> str:
    """One run with one result per finding; paths are relative to the checked folder."""
    properties = {
        "decision": report.decision.value,
        "tier": report.risk.tier.value,
        "bundleDigest": report.bundle_digest,
        "policyDigest": report.policy_digest,
    }
    return _log(report.findings, {"properties": properties})


def render_findings(findings: Sequence[Finding]) -> str:
    """One run with one result per finding; paths are as they were given."""
    return _log(findings, {})


def _log(findings: Sequence[Finding], more: dict[str, Any]) -> str:
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    run = {
        "tool": {
            "driver": {
                "name": "appguard",
                "informationUri": "https://appguard.dev",
                "rules": [_rule(rule, findings) for rule in rules],
            }
        },
        "results": [_result(finding, rules.index(finding.rule)) for finding in findings],
        "columnKind": "unicodeCodePoints",
        **more,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: str, findings: Sequence[Finding]) -> dict[str, Any]:
    first = next(finding for finding in findings if finding.rule == rule)
    return {
        "id": rule,
        "defaultConfiguration": {"level": _LEVEL[first.severity]},
        "help": {"text": first.remediation},
        "properties": {"gate": first.gate, "tags": list(first.controls)},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{finding.message} {finding.remediation}"},
        "properties": {"severity": finding.severity.value},
    }
    if finding.path is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path)}}
        if finding.line is not None:
            place["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": place}]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {
                "startLine": edit.line,
                "startColumn": edit.column,
                "endLine": edit.end_line,
                "endColumn": edit.end_column,
            },
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": quote(fix.path)}, "replacements": replacements}
    return {"description": {"text": fix.description}, "artifactChanges": [change]}
