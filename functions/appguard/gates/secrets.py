"""Gate: no secret in a bundle. gitleaks looks at several views of every file.

The secret itself never leaves gitleaks: its report is redacted, and a finding names rule, file and line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from appguard.apps.bundle import Bundle
from appguard.gates import history
from appguard.gates.gitleaks import NotScanned, Scanner
from appguard.gates.model import GateContext, GateFailed
from appguard.gates.views import View, views
from appguard.kernel.finding import Finding, Severity

RULES_FILE = "secret_rules.toml"
SECONDS = 50
SECONDS_OF_HISTORY = 20


@dataclass(frozen=True)
class Leak:
    """Where gitleaks found something, and by which of its rules."""

    view: View
    line: int
    rule: str
    decoded: bool

    @property
    def hidden(self) -> bool:
        """Whether one has to do more than read the file to see it."""
        return self.decoded or not self.view.plain


def check(bundle: Bundle, context: GateContext) -> list[Finding]:
    """One finding for each secret, at the file and line it stands in."""
    read = [view for path, content in bundle.files.items() for view in views(path, content)]
    leaks = list(_scan(context.scanner, read, context.policies / RULES_FILE))
    plain = {(leak.view.path, leak.rule) for leak in leaks if not leak.hidden}
    found = {
        (leak.view.path, leak.rule, leak.line if leak.view.plain else None, leak.hidden)
        for leak in leaks
        if not leak.hidden or (leak.view.path, leak.rule) not in plain
    }
    findings = [_finding(*where) for where in sorted(found, key=lambda w: (w[0], w[2] or 0, w[1]))]
    if context.history is not None:
        findings += _past(bundle, context.history, context, leaks)
    return findings


def _past(bundle: Bundle, folder: Path, context: GateContext, leaks: list[Leak]) -> list[Finding]:
    today = frozenset((leak.view.path, leak.rule) for leak in leaks)

    def scan(read: list[View]) -> list[tuple[View, str]]:
        rules = context.policies / RULES_FILE
        found = _scan(context.scanner, read, rules, SECONDS_OF_HISTORY)
        return [(leak.view, leak.rule) for leak in found]

    return history.check(folder, bundle.files, today, scan)


def _finding(path: str, rule: str, line: int | None, hidden: bool) -> Finding:
    how = (
        "hides a secret (split, encoded, reversed or with invisible characters)"
        if hidden
        else "holds a secret"
    )
    return Finding(
        gate="secrets",
        rule="secret-hidden" if hidden else "secret-in-bundle",
        severity=Severity.BLOCK,
        message=f"{path} {how}: {rule}.",
        remediation="Remove it and have it revoked: it is known now. Data comes through a connector, "
        "which keeps the login; an app needs no secret of its own.",
        path=path,
        line=line,
        controls=("ISO27001-A.8.24", "SOC2-CC6.1"),
    )


def _scan(scanner: Scanner, read: list[View], rules: Path, seconds: float = SECONDS) -> Iterator[Leak]:
    """What the scanner finds in the views. It sees names of ours, so that no file name exempts any."""
    try:
        leaks = scanner.scan([view.text for view in read], rules, seconds)
    except NotScanned as error:
        raise GateFailed(error.message) from None
    for leak in leaks:
        yield Leak(
            view=read[int(Path(leak["File"]).stem)],
            line=int(leak["StartLine"]),
            rule=str(leak["RuleID"]),
            decoded=any(str(tag).startswith("decoded:") for tag in leak["Tags"] or ()),
        )
