"""A report for people: the decision first, then what to do, worst first."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import cast

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
    console = _console(colour=colour)
    word, style, meaning = _DECISIONS[report.decision]
    console.print(Text.assemble((word, style), f": {meaning}."))
    console.print(f"Risk tier {report.risk.tier.value}:")
    for reason in report.risk.reasons:
        console.print(Padding(f"- {reason}", (0, 0, 0, 2)))
    _print_all(console, report.findings, folder)
    console.print()
    console.print(
        Text(f"bundle {report.bundle_digest or 'unreadable'}\npolicy {report.policy_digest}", style="dim")
    )
    return _text(console)


def render_findings(findings: Sequence[Finding], *, colour: bool = False) -> str:
    """The findings, worst first, under a line that counts them."""
    console = _console(colour=colour)
    refusals = sum(finding.severity is Severity.BLOCK for finding in findings)
    if not findings:
        console.print(Text.assemble(("Clean", "bold green"), ": nothing to correct."))
    elif refusals:
        console.print(Text.assemble(("Refused", "bold red"), f": correct what is marked ✗ ({refusals})."))
    else:
        console.print(Text.assemble(("Usable", "bold yellow"), ": nothing must be corrected."))
    _print_all(console, findings, Path())
    return _text(console)


def _console(*, colour: bool) -> Console:
    return Console(
        file=StringIO(),
        width=100,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _text(console: Console) -> str:
    printed = cast(StringIO, console.file).getvalue()
    return "".join(line.rstrip() + "\n" for line in printed.splitlines())


def _print_all(console: Console, findings: Sequence[Finding], folder: Path) -> None:
    for severity in Severity:
        for finding in findings:
            if finding.severity is severity:
                _print(console, finding, folder)


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
