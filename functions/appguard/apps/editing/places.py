"""Where in the manifest a finding belongs: from the line it names to the key that stands there."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from appguard.apps.bundle import MANIFEST
from appguard.apps.yaml_path import steps
from appguard.apps.yaml_source import Document, Path
from appguard.kernel.finding import Finding

_NAMED = re.compile(r"([a-z]\w*(?:\[\d+\]|\.\w+)+): ")


class Placed(NamedTuple):
    """A finding and the part of the manifest it is about."""

    at: Path
    finding: Finding

    def within(self, path: Path) -> bool:
        """Whether it is about `path` or something in it."""
        return self.at[: len(path)] == path


def placed(findings: Iterable[Finding], document: Document) -> list[Placed]:
    """The findings about the manifest with their places; those about other files have none here."""
    by_line: dict[int, list[Path]] = {}
    for path, (line, _) in document.marks.items():
        by_line.setdefault(line, []).append(path)
    return [
        Placed(_place(finding, by_line.get(finding.line, [])), finding)
        for finding in findings
        if finding.path == MANIFEST and finding.line
    ]


def _place(finding: Finding, on_line: list[Path]) -> Path:
    """The key a message begins with, else what all parts on the line have in common."""
    if named := _NAMED.match(finding.message):
        return steps(named[1])
    deepest = [path for path in on_line if not any(other[: len(path)] == path != other for other in on_line)]
    if len(deepest) == 1:
        return deepest[0]
    shared = takewhile(lambda steps: len(set(steps)) == 1, zip(*deepest, strict=False))
    return tuple(steps[0] for steps in shared)
