"""Whether the file is whole: with all that the packages need, and the hash of each file that is installed."""

from collections.abc import Iterator, Sequence

from appguard.gates.dependencies.findings import about
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.fix import Edit, Fix
from appguard.packages.closure import missing, unmet
from appguard.packages.model import Pin, Resolution
from appguard.packages.requirements import FILE

SHA256 = "sha256:"


def judged(pins: Sequence[Pin], known: Resolution, content: bytes, *, asked: bool) -> Iterator[Finding]:
    """What is missing or does not fit. Where the file can be completed, each carries the same fix."""
    fix = _fix(known, content)
    for pin in pins:
        yield from _hash(pin, known, fix)
    yield from _missing(pins, known, fix)
    for need, pin in unmet(pins, known):
        message = f"{need.by.name} {need.by.version} needs {need.wanted.name}{need.wanted.specifier}."
        remedy = f"Pin another version of {pin.name} than {pin.version}, or of {need.by.name}."
        yield about(pin.line, "requirement-conflict", Severity.BLOCK, message, remedy)
    if asked and known.failed:
        message = f"The packages could not be looked up and fetched: {known.failed:.300}."
        remedy = (
            "Try again later; if it stays, tell the platform team. What was not examined is not installed."
        )
        yield about(None, "packages-unresolved", Severity.BLOCK, message, remedy)
    if known.refused:
        message = f"The packages cannot be installed together: {known.refused:.300}."
        yield about(None, "packages-refused", Severity.BLOCK, message, "Drop or replace one of them.")


def _hash(pin: Pin, known: Resolution, fix: Fix | None) -> Iterator[Finding]:
    facts = known.of(pin)
    wheel = facts.wheel if facts else None
    what = f"{pin.name} {pin.version}"
    if not pin.hashes:
        message = (
            f"{what} has no hash; without one, nobody can tell that the file examined is the one installed."
        )
    elif len(pin.hashes) > 1 or not pin.hashes[0].startswith(SHA256):
        message = (
            f"{what} has {len(pin.hashes)} hashes; it needs one, the SHA-256 of the file that is installed."
        )
    elif wheel and pin.hashes != (f"{SHA256}{wheel.sha256}",):
        message = (
            f"{pin.hashes[0]:.20}… is not the hash of {wheel.filename}, the file that is installed of {what}."
        )
    elif not wheel and facts and facts.sha256 and pin.hashes[0].removeprefix(SHA256) not in facts.sha256:
        message = f"{pin.hashes[0]:.20}… is the hash of no file that {what} was published with."
    else:
        return
    remedy = _remedy(fix, "Write one --hash=sha256:…, that of the wheel which fits where apps run.")
    yield about(pin.line, "requirement-hash", Severity.BLOCK, message, remedy).model_copy(update={"fix": fix})


def _missing(pins: Sequence[Pin], known: Resolution, fix: Fix | None) -> Iterator[Finding]:
    said = set()
    for need in missing(pins, known):
        if (need.by.name, need.name) in said:
            continue
        said.add((need.by.name, need.name))
        message = f"{need.by.name} needs {need.name}{need.wanted.specifier}, which is not listed."
        remedy = _remedy(fix, f"Add {need.name} in one exact version, with its hash.")
        found = about(need.by.line, "requirement-missing", Severity.BLOCK, message, remedy)
        yield found.model_copy(update={"fix": fix})


def _remedy(fix: Fix | None, otherwise: str) -> str:
    if fix:
        return "Apply the fix, or run `appguard check --fix` with --index: it completes the file."
    return (
        f"{otherwise} `appguard check --fix --index https://pypi.org/simple` completes the file where it can."
    )


def _fix(known: Resolution, content: bytes) -> Fix | None:
    if known.proposal is None:
        return None
    lines = content.decode().split("\n")
    whole = Edit(line=1, column=1, end_line=len(lines), end_column=len(lines[-1]) + 1, text=known.proposal)
    added = f"add {', '.join(known.added)} and " if known.added else ""
    return Fix(description=f"Complete {FILE}: {added}write the hashes.", path=FILE, edits=(whole,))
