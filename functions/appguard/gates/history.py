"""Secrets in the past of a folder: what a commit held is known, whatever the files say today."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from appguard.gates.model import GateFailed
from appguard.gates.repository import Version, past
from appguard.gates.views import View, views
from appguard.kernel.finding import Finding, Severity

Scan = Callable[[list[View]], Iterable[tuple[View, str]]]
"""From readings to those that hold a secret, each with the scanner's rule."""


def check(
    folder: Path, files: Mapping[str, bytes], today: frozenset[tuple[str, str]], scan: Scan
) -> list[Finding]:
    """One finding for each file and kind of secret, at the first commit that held it.

    Versions equal to today's `files` are the bundle's own, and so are kinds found there `today`.
    A history that cannot be read needs a person's judgement: nobody knows what it holds.
    """
    try:
        found = past(folder)
        other = [version for version in found.versions if files.get(version.path) != version.content]
        findings = _findings(other, today, scan) if other else []
    except GateFailed as error:
        return [_unscanned(Severity.APPROVE, f"was not searched for secrets: {error.message}")]
    if found.shallow:
        findings.append(_unscanned(Severity.WARN, "was searched as far as it was fetched"))
    return findings


def _findings(other: list[Version], today: frozenset[tuple[str, str]], scan: Scan) -> list[Finding]:
    origin: dict[int, Version] = {}
    read: list[View] = []
    for version in other:
        for view in views(version.path, version.content):
            origin[id(view)] = version
            read.append(view)
    order = {id(view): number for number, view in enumerate(read)}
    first: dict[tuple[str, str], Version] = {}
    for view, rule in sorted(scan(read), key=lambda hit: order[id(hit[0])]):
        first.setdefault((view.path, rule), origin[id(view)])
    return [_finding(version, rule) for (path, rule), version in first.items() if (path, rule) not in today]


def _finding(version: Version, rule: str) -> Finding:
    return Finding(
        gate="secrets",
        rule="secret-in-history",
        severity=Severity.BLOCK,
        message=f"Commit {version.commit[:12]} holds a secret in {version.path}: {rule}.",
        remediation="Have it revoked: everybody with a copy of the repository has it, and rewriting the "
        "history does not change that. Then begin a new repository from today's files.",
        path=version.path,
        controls=("ISO27001-A.8.24", "SOC2-CC6.1"),
    )


def _unscanned(severity: Severity, what: str) -> Finding:
    return Finding(
        gate="secrets",
        rule="history-unscanned",
        severity=severity,
        message=f"The Git history of this folder {what}.",
        remediation="Fetch all of it (fetch-depth: 0 in a workflow), or have it searched by hand.",
        controls=("ISO27001-A.8.24",),
    )
