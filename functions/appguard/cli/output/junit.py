"""A report for CI: JUnit XML, one test suite per gate."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from appguard.gates.limits import SECONDS
from appguard.gates.model import Report
from appguard.kernel.finding import Finding, Severity

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, _: Path) -> str:
    """Findings that block fail; the others are told in the case's output."""
    gates = dict.fromkeys([*SECONDS, *(finding.gate for finding in report.findings)])
    suites = "".join(_suite(gate, [f for f in report.findings if f.gate == gate]) for gate in gates)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="appguard">\n{suites}</testsuites>\n'


def _suite(gate: str, findings: list[Finding]) -> str:
    failures = sum(finding.severity is Severity.BLOCK for finding in findings)
    cases = "".join(map(_case, findings)) or f'    <testcase classname={_attr(gate)} name="no findings"/>\n'
    count = max(1, len(findings))
    counts = f'tests="{count}" failures="{failures}" errors="0"'
    return f"  <testsuite name={_attr(gate)} {counts}>\n{cases}  </testsuite>\n"


def _case(finding: Finding) -> str:
    where = f"{finding.path or ''}:{finding.line or ''}".strip(":")
    text = escape(_clean(f"{where} {finding.message}\n{finding.remediation}".strip()))
    inner = (
        f"<failure message={_attr(finding.message)}>{text}</failure>"
        if finding.severity is Severity.BLOCK
        else f"<system-out>{finding.severity.value}: {text}</system-out>"
    )
    name = _attr(f"{finding.rule} {where}".strip())
    return f"    <testcase classname={_attr(finding.gate)} name={name}>{inner}</testcase>\n"


def _attr(text: str) -> str:
    return quoteattr(_clean(text), {"\n": "&#10;"})


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
