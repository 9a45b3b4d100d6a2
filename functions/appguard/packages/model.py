"""What is known about packages: pins, what is wrong with them, and the facts their index publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime, Field

from appguard.kernel.record import Record


@dataclass(frozen=True)
class Pin:
    """One package in exactly one version, by its normalised name (PEP 503)."""

    name: str
    version: str
    hashes: tuple[str, ...] = ()
    line: int = 1

    @property
    def purl(self) -> str:
        """The package URL, the name by which scanners and SBOMs know it."""
        return f"pkg:pypi/{self.name}@{self.version.replace('+', '%2B').replace('!', '%21')}"

    @property
    def digests(self) -> list[tuple[str, str]]:
        """Each hash as its algorithm and its hexadecimal digits."""
        return [(kind, digest) for kind, _, digest in (one.partition(":") for one in self.hashes)]


@dataclass(frozen=True)
class Vulnerability:
    """One known fault of a pin, under all its names; `fixed` is the smallest version to move to."""

    id: str
    aliases: tuple[str, ...] = ()
    fixed: str | None = None
    malicious: bool = False


@dataclass(frozen=True)
class Answer:
    """What a source of advisories says, how old its knowledge is, and what it did not look at."""

    source: str
    as_of: datetime
    vulnerabilities: Mapping[Pin, tuple[Vulnerability, ...]]
    unchecked: tuple[Pin, ...] = ()


class Facts(Record):
    """What the package index publishes about one version. `exists` is false where it knows none."""

    name: str = Field(max_length=200)
    version: str = Field(max_length=100)
    exists: bool = True
    yanked: bool = False
    licence: str | None = Field(default=None, max_length=500)
    released: AwareDatetime | None = None
    sha256: tuple[str, ...] = Field(default=(), max_length=2_000)


class AdvisorySource(Protocol):
    """Somebody who knows the faults of packages."""

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        """What is wrong with these; None when there are no advisories to look at."""
        ...


class FactSource(Protocol):
    """Somebody who knows what the package index says."""

    def facts(self, pins: Sequence[Pin]) -> Mapping[Pin, Facts]:
        """The facts of those pins that are known."""
        ...


@dataclass(frozen=True)
class Knowledge:
    """Where the dependency gate looks things up; a source that is absent knows nothing."""

    advisories: AdvisorySource | None = None
    facts: FactSource | None = None


NOTHING = Knowledge()
