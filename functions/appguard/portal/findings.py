"""Findings as people read them: the weightiest first, and what one rule says of several places said once."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from appguard.kernel.finding import Finding, Severity

_KEY = re.compile(r"^[a-z]\w*(?:\[\d+\]|\.\w+)*: (?=.*\(line \d)")
_PLACE = re.compile(r" \(line \d+, column \d+\)")


class Group(NamedTuple):
    """What one rule found, in all its places, and what to do about it."""

    severity: Severity
    rule: str
    remediation: str
    controls: tuple[str, ...]
    places: tuple[Finding, ...]


def weight(severity: Severity) -> int:
    """Position in the order of severity, the weightiest first."""
    return list(Severity).index(severity)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The weightiest severity among findings."""
    return min((finding.severity for finding in findings), key=weight, default=None)


def plainly(message: str) -> str:
    """A message without the place it names: it is shown there.

    >>> plainly("pages[0].title: title is missing (line 4, column 5).")
    'Title is missing.'
    """
    said = _PLACE.sub("", _KEY.sub("", message))
    return f"{said[:1].upper()}{said[1:]}"


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """One group for each severity, rule and remedy, in order of weight and then of lines."""

    def order(finding: Finding) -> tuple[int, str, str]:
        return weight(finding.severity), finding.rule, finding.remediation

    def line(finding: Finding) -> tuple[str, int]:
        return finding.path or "", finding.line or 0

    groups = []
    for _, found in groupby(sorted(findings, key=order), key=order):
        places = tuple(sorted(found, key=line))
        first = places[0]
        groups.append(Group(first.severity, first.rule, first.remediation, first.controls, places))
    return groups
