"""How a requirements.txt is completed: every package that is missing, and the hash of every wheel.

No resolver: what stands there stays, and what is missing is added in the newest version that all who need it
take. Where that does not come out, nothing is proposed, and a person or `uv pip compile` decides.
"""

from collections.abc import Sequence
from datetime import datetime

from appguard.packages import requirements
from appguard.packages.closure import Need, missing, needs, unmet
from appguard.packages.model import Facts, Pin, Resolution
from appguard.packages.source import PackageIndex

MAX_ADDED = requirements.MAX_PINS


def completed(
    pins: Sequence[Pin], known: Resolution, index: PackageIndex, older_than: datetime
) -> tuple[list[Pin], Resolution] | None:
    """All pins of the complete file, with what is known of them; None where there is no simple answer.

    A version that came after `older_than` is taken only where there is no other.
    """
    whole, facts = list(pins), known
    for _ in range(MAX_ADDED):
        lacking = next(missing(whole, facts), None)
        if lacking is None:
            break
        found = _newest(lacking.name, needs(whole, facts), index, older_than)
        if found is None:
            return None
        whole.append(found.pin)
        facts = facts.model_copy(update={"facts": (*facts.facts, found)})
    complete = all((one := facts.of(pin)) and one.wheel for pin in whole)
    return (whole, facts) if complete and not [*missing(whole, facts), *unmet(whole, facts)] else None


def rewritten(content: bytes, whole: Sequence[Pin], known: Resolution) -> str:
    """The file with one hash for each package, and a line for each that was not in it. The rest stays."""
    lines = content.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    there = {pin.name: pin for pin in requirements.read(content).pins}
    for pin in sorted(there.values(), key=lambda pin: pin.line, reverse=True):
        begin = end = pin.line - 1
        while lines[end].endswith("\\"):
            end += 1
        if pin.hashes != _known(pin, known).pin.hashes:
            said = lines[begin].partition("#")[0].partition("--hash")[0].rstrip("\\ \t")
            lines[begin : end + 1] = _with_hash(said, pin, known)
    for pin in whole:
        if pin.name not in there:
            lines += _with_hash(f"{pin.name}=={pin.version}", pin, known)
    return "\n".join(lines) + "\n"


def _newest(name: str, known: list[Need], index: PackageIndex, older_than: datetime) -> Facts | None:
    """The newest release that is not new, and that everybody who needs it takes."""
    asked = [need for need in known if need.name == name]
    fitting = [
        (version, file)
        for version, file in index.usable(name)
        if not version.is_prerelease and all(version in need.wanted.specifier for need in asked)
    ]
    settled = [version for version, file in fitting if not file.uploaded or file.uploaded < older_than]
    if not fitting:
        return None
    return index.facts(Pin(name, str(settled[0] if settled else fitting[0][0])))


def _with_hash(said: str, pin: Pin, known: Resolution) -> list[str]:
    return [f"{said} \\", *(f"    --hash={one}" for one in _known(pin, known).pin.hashes)]


def _known(pin: Pin, known: Resolution) -> Facts:
    if (facts := known.of(pin)) is None:
        raise LookupError(pin.name)
    return facts
