"""Is everything listed that the listed packages need? By their own metadata, where apps run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from appguard.packages.machine import MARKERS
from appguard.packages.model import Pin, Resolution


@dataclass(frozen=True)
class Need:
    """What one package needs of another."""

    by: Pin
    wanted: Requirement

    @property
    def name(self) -> str:
        """The package that is needed, by its normalised name."""
        return canonicalize_name(self.wanted.name)

    def met_by(self, pin: Pin) -> bool:
        """Whether that version will do; one that was pinned may be a pre-release."""
        return self.wanted.specifier.contains(Version(pin.version), prereleases=True)


def missing(pins: Sequence[Pin], known: Resolution) -> Iterator[Need]:
    """What is needed and stands nowhere."""
    names = {pin.name for pin in pins}
    return (need for need in needs(pins, known) if need.name not in names)


def unmet(pins: Sequence[Pin], known: Resolution) -> Iterator[tuple[Need, Pin]]:
    """What is pinned to a version that another package does not take."""
    by_name = {pin.name: pin for pin in pins}
    for need in needs(pins, known):
        pin = by_name.get(need.name)
        if pin and not need.met_by(pin):
            yield need, pin


def needs(pins: Sequence[Pin], known: Resolution) -> list[Need]:
    """Everything that the pins need. An extra that one asks of another counts wherever that is pinned."""
    extras = {pin.name: set(pin.extras) for pin in pins}
    while True:
        found = [need for pin in pins for need in _of(pin, known, extras[pin.name])]
        before = sum(map(len, extras.values()))
        for need in found:
            if need.name in extras:
                extras[need.name] |= set(map(canonicalize_name, need.wanted.extras))
        if sum(map(len, extras.values())) == before:
            return found


def _of(pin: Pin, known: Resolution, extras: Iterable[str]) -> Iterator[Need]:
    facts = known.of(pin)
    for text in facts.wheel.requires if facts and facts.wheel else ():
        if (wanted := _read(text)) and _applies(wanted, extras):
            yield Need(pin, wanted)


def _read(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:  # an index lets none in today; what nobody can read, nobody can install
        return None


def _applies(wanted: Requirement, extras: Iterable[str]) -> bool:
    environments: list[Mapping[str, str]] = [{**MARKERS, "extra": extra} for extra in ("", *extras)]
    try:
        return wanted.marker is None or any(map(wanted.marker.evaluate, map(dict, environments)))
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return True  # in doubt it is needed
