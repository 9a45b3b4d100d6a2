"""A report for people: the decision first, then what to do, worst first."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import typer

from appguard.gates.model import Decision, Report
from appguard.kernel.finding import Finding, Severity

COLUMNS, INDENT = 100, "  "
_DECISIONS = {
    Decision.REFUSED: ("Refused", "red", "correct what is marked ✗, then check again"),
    Decision.NEEDS_APPROVAL: ("Needs approval", "yellow", "a reviewer will be asked after you submit"),
    Decision.CLEAR: ("Clear", "green", "it will be published without anybody being asked"),
}
_SEVERITIES = {
    Severity.BLOCK: ("✗", "red", "refused"),
    Severity.APPROVE: ("?", "yellow", "needs approval"),
    Severity.WARN: ("!", "magenta", "warning"),
    Severity.HINT: ("·", "cyan", "hint"),
}


Paint = Callable[..., str]
"""Text in, the text with `typer.style`'s colours out, or without."""


def render(report: Report, folder: Path, *, colour: bool = False) -> str:
    """The report as text of at most 100 columns, with colour for terminals."""
    paint, (word, hue, meaning) = _paint(colour), _DECISIONS[report.decision]
    return _text(
        f"{paint(word, fg=hue, bold=True)}: {meaning}.",
        f"Risk tier {report.risk.tier.value}:",
        *(_indented(f"- {reason}") for reason in report.risk.reasons),
        *_all(report.findings, folder, paint),
        "",
        paint(f"bundle {report.bundle_digest or 'unreadable'}", dim=True),
        paint(f"policy {report.policy_digest}", dim=True),
    )


def render_findings(findings: Sequence[Finding], *, colour: bool = False) -> str:
    """The findings, worst first, under a line that counts them."""
    refusals = sum(finding.severity is Severity.BLOCK for finding in findings)
    if not findings:
        word, hue, meaning = "Clean", "green", "nothing to correct"
    elif refusals:
        word, hue, meaning = "Refused", "red", f"correct what is marked ✗ ({refusals})"
    else:
        word, hue, meaning = "Usable", "yellow", "nothing must be corrected"
    paint = _paint(colour)
    return _text(f"{paint(word, fg=hue, bold=True)}: {meaning}.", *_all(findings, Path(), paint))


def _paint(colour: bool) -> Paint:
    return typer.style if colour else lambda text, **_: text


def _text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _all(findings: Sequence[Finding], folder: Path, paint: Paint) -> Iterator[str]:
    for severity in Severity:
        for finding in findings:
            if finding.severity is severity:
                yield from _lines(finding, folder, paint)


def _lines(finding: Finding, folder: Path, paint: Paint) -> Iterator[str]:
    mark, hue, word = _SEVERITIES[finding.severity]
    where = "" if finding.path is None else str(folder / finding.path)
    if finding.line is not None:
        where += f":{finding.line}"
    yield ""
    place = f"  {paint(_visible(where), dim=True)}" if where else ""
    yield f"{paint(f'{mark} {word}', fg=hue)}  {finding.rule}{place}"
    yield _indented(_visible(finding.message))
    yield _indented(f"→ {_visible(finding.remediation)}")
    if finding.fix:
        yield _indented(f"→ --fix: {_visible(finding.fix.description)}")


def _indented(text: str) -> str:
    return textwrap.fill(text, COLUMNS, initial_indent=INDENT, subsequent_indent=INDENT)


def _visible(text: str) -> str:
    """A bundle may name things with control characters; a terminal must not obey them."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
