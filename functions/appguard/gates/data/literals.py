"""Persons' data written into the files of a bundle. A finding says kind, file and line, never the value."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from appguard.apps.bundle import Bundle
from appguard.gates.cells import sheets
from appguard.gates.data.persons import birth_dates, holds_persons
from appguard.gates.views import View, clear_text, readable, text_of
from appguard.kernel.finding import Finding, Severity
from appguard.privacy.contacts import contacts
from appguard.privacy.identifiers import Hit, identifiers

IN_NUMBER = 3
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


@dataclass(frozen=True)
class Trace:
    """What one file holds of one kind, and how sure that is."""

    path: str
    kind: str
    sure: bool
    values: frozenset[str]
    line: int | None


def check(bundle: Bundle, owner: str) -> list[Finding]:
    """One finding for each kind in each file.

    Identifiers whose check digits fit block once the bundle holds three different ones; fewer, and
    what rests on words alone, ask for a person's judgement; one or two contacts are a warning.
    """
    traces = [trace for path, content in bundle.files.items() for trace in _traces(path, content, owner)]
    proven = {value for trace in traces if trace.sure for value in trace.values}
    return [_finding(trace, len(proven)) for trace in traces]


def _traces(path: str, content: bytes, owner: str) -> Iterator[Trace]:
    found: dict[tuple[str, bool], dict[str, int | None]] = {}
    for view in readings(path, content):
        for hit, sure in hits(view.text, owner):
            line = view.text.count("\n", 0, hit.start) + 1 if view.clear else None
            found.setdefault((hit.kind, sure), {}).setdefault(hit.value, line)
    if any(holds_persons(rows) for rows in sheets(path, clear_text(text_of(content)), content)):
        found["table of persons", False] = {str(row): 1 for row in range(IN_NUMBER)}
    for (kind, sure), values in found.items():
        lines = [line for line in values.values() if line is not None]
        yield Trace(path, kind, sure, frozenset(values), min(lines, default=None))


def readings(path: str, content: bytes) -> Iterator[View]:
    """Every reading a person could make, the one with lines first, and what is base64 in any of them."""
    for view in readable(path, content):
        if view.plain and not view.clear:
            continue
        yield view
        for match in _BASE64.finditer(view.text):
            if decoded := _decoded(match[0]):
                yield View(path, decoded)


def _decoded(text: str) -> str:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        decoded = data.decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return clear_text(decoded) if decoded.replace("\n", " ").replace("\t", " ").isprintable() else ""


def hits(text: str, owner: str) -> Iterator[tuple[Hit, bool]]:
    """What a text holds of persons, and whether check digits bear it out. No place counts twice."""
    spans: set[int] = set()
    for hit in identifiers(text):
        spans.update(range(hit.start, hit.end))
        yield hit, True
    for hit in (*contacts(text, owner), *birth_dates(text)):
        if hit.start not in spans:
            yield hit, False


def _finding(trace: Trace, proven: int) -> Finding:
    number = len(trace.values)
    how_many = "at least one" if number == 1 else f"{number}" if number < IN_NUMBER else "several"
    what = "a table of persons" if trace.kind == "table of persons" else f"{trace.kind}: {how_many}"
    return Finding(
        gate="data",
        rule="personal-data-in-bundle",
        severity=_severity(trace, proven),
        message=f"{trace.path} seems to hold data of real persons ({what}).",
        remediation="Use made-up rows: the sandbox makes them, and example.com addresses belong to nobody. "
        "Data of real persons stays behind a connector.",
        path=trace.path,
        line=trace.line,
        controls=("GDPR-Art.5", "ISO27001-A.8.33"),
    )


def _severity(trace: Trace, proven: int) -> Severity:
    if trace.sure:
        return Severity.BLOCK if proven >= IN_NUMBER else Severity.APPROVE
    reach = trace.kind in ("e-mail address", "telephone number")
    return Severity.WARN if reach and len(trace.values) < IN_NUMBER else Severity.APPROVE
