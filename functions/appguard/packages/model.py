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
    extras: frozenset[str] = frozenset()

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


class Wheel(Record):
    """The one file of a version that is installed where apps run, and what it brings."""

    filename: str = Field(max_length=200)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    requires: tuple[str, ...] = Field(default=(), max_length=1_000)
    modules: tuple[str, ...] = Field(default=(), max_length=1_000)


class Facts(Record):
    """What the package index publishes about one version. `exists` is false where it knows none.

    Without a `wheel` nothing can be installed; `unusable` says why.
    """

    name: str = Field(max_length=200)
    version: str = Field(max_length=100)
    exists: bool = True
    yanked: bool = False
    licence: str | None = Field(default=None, max_length=500)
    released: AwareDatetime | None = None
    sha256: tuple[str, ...] = Field(default=(), max_length=2_000)
    wheel: Wheel | None = None
    unusable: str | None = Field(default=None, max_length=500)

    @property
    def pin(self) -> Pin:
        """The version as it is written down, with the hash of its wheel."""
        return Pin(self.name, self.version, (f"sha256:{self.wheel.sha256}",) if self.wheel else ())


class Resolution(Record):
    """What is known of one requirements.txt: its packages, how it is completed, what installing it gives.

    `proposal` is the whole file with all that is missing. `installed` is the digest of the archive that the
    sandbox gets and the app ships. `failed` says why nobody could look, `refused` why nothing is installed.
    """

    facts: tuple[Facts, ...] = ()
    proposal: str | None = None
    added: tuple[str, ...] = ()
    installed: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    refused: str | None = None
    failed: str | None = None
    at: AwareDatetime | None = None

    def of(self, pin: Pin) -> Facts | None:
        """What is known of a pin."""
        return next((one for one in self.facts if (one.name, one.version) == (pin.name, pin.version)), None)

    @property
    def modules(self) -> Mapping[str, str]:
        """Which package each importable module comes from."""
        return {module: one.name for one in self.facts if one.wheel for module in one.wheel.modules}


class AdvisorySource(Protocol):
    """Somebody who knows the faults of packages."""

    def ask(self, pins: Sequence[Pin]) -> Answer | None:
        """What is wrong with these; None when there are no advisories to look at."""
        ...


class Source(Protocol):
    """Somebody who knows what the package index says, and holds what was installed from it."""

    def resolve(self, content: bytes) -> Resolution:
        """What is known of a requirements.txt, given as it stands."""
        ...

    def place(self, installed: str) -> str:
        """The address from which a sandbox fetches the archive of that digest."""
        ...


@dataclass(frozen=True)
class Knowledge:
    """Where gates look packages up; a source that is absent knows nothing."""

    advisories: AdvisorySource | None = None
    index: Source | None = None

    def of(self, content: bytes) -> Resolution:
        """What is known of a requirements.txt, if anything is in it and somebody knows."""
        return self.index.resolve(content) if self.index and content.strip() else Resolution()


NOTHING = Knowledge()
