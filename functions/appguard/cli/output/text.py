"""A report for people: the decision first, then what to do, worst first."""

from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from appguard.gates.model import Decision, Report
from appguard.kernel.finding import Finding, Severity

_DECISIONS = {
    Decision.REFUSED: ("Refused", "bold red", "correct what is marked ✗, then check again"),
    Decision.NEEDS_APPROVAL: ("Needs approval", "bold yellow", "a reviewer will be asked after you submit"),
    Decision.CLEAR: ("Clear", "bold green", "it will be published without anybody being asked"),
}
_SEVERITIES = {
    Severity.BLOCK: ("✗", "red", "refused"),
    Severity.APPROVE: ("?", "yellow", "needs approval"),
    Severity.WARN: ("!", "magenta", "warning"),
    Severity.HINT: ("·", "cyan", "hint"),
}


def render(report: Report, folder: Path, *, colour: bool = False) -> str:
    """The report as text of at most 100 columns, with colour for terminals."""
    out = StringIO()
    console = Console(
        file=out,
        width=100,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
    )
    word, style, meaning = _DECISIONS[report.decision]
    console.print(Text.assemble((word, style), f": {meaning}."))
    console.print(f"Risk tier {report.risk.tier.value}:")
    for reason in report.risk.reasons:
        console.print(Padding(f"- {reason}", (0, 0, 0, 2)))
    for severity in Severity:
        for finding in report.findings:
            if finding.severity is severity:
                _print(console, finding, folder)
    console.print()
    console.print(
        Text(f"bundle {report.bundle_digest or 'unreadable'}\npolicy {report.policy_digest}", style="dim")
    )
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def _print(console: Console, finding: Finding, folder: Path) -> None:
    mark, style, word = _SEVERITIES[finding.severity]
    where = "" if finding.path is None else str(folder / finding.path)
    if finding.line is not None:
        where += f":{finding.line}"
    console.print()
    console.print(Text.assemble((f"{mark} {word}", style), f"  {finding.rule}  ", (where, "dim")))
    console.print(Padding(_visible(finding.message), (0, 0, 0, 2)))
    console.print(Padding(f"→ {_visible(finding.remediation)}", (0, 0, 0, 2)))
    if finding.fix:
        console.print(Padding(f"→ --fix: {_visible(finding.fix.description)}", (0, 0, 0, 2)))


def _visible(text: str) -> str:
    """A bundle may name things with control characters; a terminal must not obey them."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
