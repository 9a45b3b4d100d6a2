"""A report for GitHub Actions: workflow commands that become annotations in the changed files.

GitHub shows at most ten errors, ten warnings and ten notices of a step; the worst come first, and
what is left out is counted in the log.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from appguard.gates.model import Report
from appguard.kernel.finding import Finding, Severity

SHOWN = 10
_LEVEL = {
    Severity.BLOCK: "error",
    Severity.APPROVE: "warning",
    Severity.WARN: "warning",
    Severity.HINT: "notice",
}


def render(report: Report, folder: Path) -> str:
    """One line for each finding that GitHub will show, and one for the decision."""
    said = f"AppGuard: {report.decision.value.replace('_', ' ')}, risk tier {report.risk.tier.value}.\n"
    return said + render_findings(report.findings, folder)


def render_findings(findings: Sequence[Finding], folder: Path = Path()) -> str:
    """One line for each finding that GitHub will show, and how many there are beside them."""
    counted: Counter[str] = Counter()
    lines = []
    for finding in sorted(findings, key=lambda finding: list(Severity).index(finding.severity)):
        level = _LEVEL[finding.severity]
        counted[level] += 1
        if counted[level] <= SHOWN:
            lines.append(_annotation(level, finding, folder))
    lines += [
        f"{count - SHOWN} more at level {level} are not shown here."
        for level, count in counted.items()
        if count > SHOWN
    ]
    return "".join(f"{line}\n" for line in lines)


def _annotation(level: str, finding: Finding, folder: Path) -> str:
    properties = {"title": f"{finding.rule} ({finding.severity.value})"}
    if finding.path is not None:
        properties["file"] = _from_root(folder / finding.path)
    if finding.line is not None:
        properties["line"] = str(finding.line)
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {said}::{_data(f'{finding.message} {finding.remediation}')}"


def _from_root(path: Path) -> str:
    """The path as the repository knows it; a workflow starts at its root."""
    absolute = path.absolute()
    root = Path.cwd()
    return (absolute.relative_to(root) if absolute.is_relative_to(root) else path).as_posix()


def _data(text: str) -> str:
    """Escaped as the toolkit does: a finding cannot begin a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
