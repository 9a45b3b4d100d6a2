"""What a requirements.txt may say: packages of the index, each in exactly one version, and their hashes.

pip accepts far more, and each of the rest is a way to install what no check has seen. So a line is either
of this form or a fault, and nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from appguard.packages.machine import MARKERS
from appguard.packages.model import Pin

FILE = "requirements.txt"
MAX_BYTES = 200_000
MAX_PINS = 100
MAX_LINE = 500
HASH_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}

_UNKNOWABLE = re.compile(r"\b(?:platform_release|platform_version|implementation_version|extra|extras)\b")
_CODING = re.compile(r"coding[:=]\s*[-\w.]+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HASH = re.compile(r"(?:^|\s)--hash(?:=|\s+)(\S+)")
_ELSEWHERE = re.compile(r"://|\s@\s|^[./~\\]|[/\\]|\.(?:whl|zip|tar|tgz|tar\.\w+)$|^\w+\s*@", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line, by the rule it breaks, and how to write it."""

    rule: str
    line: int
    message: str
    remedy: str


@dataclass(frozen=True)
class Requirements:
    """What could be read, and what could not."""

    pins: tuple[Pin, ...] = ()
    faults: tuple[Fault, ...] = ()


def read(content: bytes) -> Requirements:
    """Every pin and every fault of the file."""
    if isinstance(text := _text(content), Fault):
        return Requirements(faults=(text,))
    read_lines = [_line(number, line) for number, line in _joined(text)]
    pins = [one for one in read_lines if isinstance(one, Pin)]
    faults = [one for one in read_lines if isinstance(one, Fault)]
    return Requirements(tuple(pins[:MAX_PINS]), (*faults, *_together(pins)))


def said(content: bytes) -> Iterator[Pin | str]:
    """Each pin, and each line that is none as it is written: to show what is asked for, whatever it is."""
    for number, line in _joined(content.decode(errors="replace").replace("\r\n", "\n")):
        found = _line(number, line)
        yield found if isinstance(found, Pin) else line


def _text(content: bytes) -> str | Fault:
    remedy = f"Save it as plain UTF-8 text of at most {MAX_BYTES:,} bytes, one package a line."
    if len(content) > MAX_BYTES:
        return Fault("requirements-unreadable", 1, f"{FILE} is larger than {MAX_BYTES:,} bytes.", remedy)
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        return Fault("requirements-unreadable", 1, f"{FILE} is not UTF-8.", remedy)
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        # Controls, bidirectional marks and the line ends of Unicode show a reader less than pip reads.
        if not line.replace("\t", " ").isprintable():
            return Fault("requirements-unreadable", number, "The line holds invisible characters.", remedy)
    for number, line in enumerate(lines[:2], start=1):
        if line.lstrip().startswith("#") and _CODING.search(line):
            return Fault("requirements-unreadable", number, "The comment asks for another encoding.", remedy)
    return text


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, with the hashes that follow them; other continuations stay broken."""
    held, begun = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if held and not line.strip().startswith("--hash"):
            yield begun, f"{held} \\"
            held = ""
        whole, begun = (f"{held} {line.strip()}", begun) if held else (line, number)
        held = ""
        if whole.endswith("\\") and "#" not in whole:
            held = whole[:-1].rstrip()
        elif stripped := _COMMENT.sub("", whole).strip():
            yield begun, stripped
    if held:
        yield begun, f"{held} \\"


def _line(number: int, line: str) -> Pin | Fault:
    """One requirement, or what is wrong with it."""
    hashes = tuple(_HASH.findall(line))
    bare = _HASH.sub("", line).strip()
    for fault in (_form(number, line, bare), _hashes(number, hashes)):
        if fault:
            return fault
    try:
        wanted = Requirement(bare)
    except (InvalidRequirement, RecursionError):
        return Fault(
            "requirement-unreadable", number, f"{bare!r:.80} names no package.", "Write name==version."
        )
    return _pin(number, wanted, hashes)


def _form(number: int, line: str, bare: str) -> Fault | None:
    if bare.endswith("\\") or "\\" in line:
        remedy = (
            "Write each package on a line of its own; only its --hash options may follow on the next lines."
        )
        return Fault("requirement-unreadable", number, "The line goes on where it must not.", remedy)
    if len(bare) > MAX_LINE or "${" in bare:
        return Fault(
            "requirement-unreadable",
            number,
            "The line is too long or holds a variable.",
            "Write name==version.",
        )
    if bare.startswith("-") or " --" in bare or not bare:
        option = re.split(r"[=\s]", f"{bare} --hash", maxsplit=1)[0]
        remedy = "Remove it: packages come from the company's index, and only --hash may stand beside one."
        return Fault("requirement-option", number, f"The option {option:.40} is not accepted.", remedy)
    if _ELSEWHERE.search(bare.partition(";")[0].strip()):
        remedy = "Name a package of the index as name==version; copy no archive and link to none."
        return Fault(
            "requirement-elsewhere", number, f"{bare!r:.80} comes from an address, not the index.", remedy
        )
    return None


def _hashes(number: int, hashes: tuple[str, ...]) -> Fault | None:
    remedy = (
        "Write --hash=sha256: and 64 hexadecimal digits, each hash once, as `uv export` or pip-compile do."
    )
    for one in hashes:
        kind, _, digest = one.partition(":")
        if not re.fullmatch(r"[0-9a-f]+", digest) or HASH_LENGTHS.get(kind) != len(digest):
            return Fault("requirement-hash", number, f"{one!r:.40} is not a hash pip would trust.", remedy)
    if len(set(hashes)) < len(hashes):
        return Fault("requirement-hash", number, "The same hash stands there twice.", remedy)
    return None


def _pin(number: int, wanted: Requirement, hashes: tuple[str, ...]) -> Pin | Fault:
    name = canonicalize_name(wanted.name)
    if wanted.url:
        remedy = f"Write {name}==version; what stands behind an address can change."
        return Fault("requirement-elsewhere", number, f"{name} comes from an address, not the index.", remedy)
    version = _exact(wanted)
    if version is None:
        remedy = f"Pin it to the one version you tested: {name}==1.2.3, with == and no wildcard."
        return Fault(
            "requirement-unpinned", number, f"{str(wanted)!r:.80} may be another version tomorrow.", remedy
        )
    if wanted.marker is not None and not _holds(wanted.marker):
        remedy = "Remove the line, or the condition after the semicolon."
        message = f"{name} is asked for under a condition that does not hold where apps run."
        return Fault("requirement-marker", number, message, remedy)
    extras = frozenset(map(canonicalize_name, wanted.extras))
    return Pin(name, str(version), hashes, number, extras)


def _exact(wanted: Requirement) -> Version | None:
    specifiers = list(wanted.specifier)
    if len(specifiers) != 1 or specifiers[0].operator != "==":
        return None
    try:
        return Version(specifiers[0].version)
    except InvalidVersion:  # a wildcard
        return None


def _holds(marker: Marker) -> bool:
    if _UNKNOWABLE.search(str(marker)):
        return False
    try:
        return marker.evaluate({**MARKERS, "extra": ""})
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return False


def _together(pins: list[Pin]) -> Iterator[Fault]:
    """What is wrong with lines that are right one by one."""
    seen: dict[str, Pin] = {}
    for pin in pins:
        first = seen.setdefault(pin.name, pin)
        if first is not pin:
            message = f"{pin.name} stands there twice, on lines {first.line} and {pin.line}."
            yield Fault("requirement-duplicate", pin.line, message, "Keep one of them.")
    if len(pins) > MAX_PINS:
        message = f"{FILE} names {len(pins)} packages; at most {MAX_PINS} are examined."
        yield Fault(
            "requirements-unreadable", pins[MAX_PINS].line, message, "Drop what the app does not use."
        )
