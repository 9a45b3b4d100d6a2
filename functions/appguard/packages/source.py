"""A package index, ours or a company's mirror: what it offers of a package, and its wheels, verified.

What a version needs and how it is licensed is read from the very wheel that is installed, so that an index
that serves files is enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlsplit

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from appguard.kernel.errors import Unavailable
from appguard.packages import licence, simple
from appguard.packages.download import Download, download
from appguard.packages.machine import MARKERS, ranks
from appguard.packages.model import Facts, Pin, Wheel
from appguard.packages.simple import File
from appguard.packages.wheels import WHEEL, WheelRefused, unpack

MAX_PAGE = 32 * 1024 * 1024
PAGE_SECONDS, WHEEL_SECONDS = 10, 30


class Shelf(Protocol):
    """Where wheels that were fetched once are kept, by their digest."""

    def wheel(self, digest: str) -> bytes | None:
        """The wheel, if it is there."""
        ...

    def keep_wheel(self, digest: str, content: bytes) -> None:
        """Put it there."""
        ...


@dataclass(frozen=True)
class PackageIndex:
    """The index at `url`, by the simple repository API; `authorization` is for its own host alone."""

    url: str
    shelf: Shelf
    fetch: Download = download
    authorization: str = ""
    _pages: dict[str, tuple[File, ...] | None] = field(default_factory=dict)

    def facts(self, pin: Pin) -> Facts:
        """What it says of a version, and of the wheel that would be installed of it."""
        files = [one for one in self.files(pin.name) if _version(one) == Version(pin.version)]
        if not files:
            return Facts(name=pin.name, version=pin.version, exists=False)
        known = Facts(
            name=pin.name,
            version=pin.version,
            yanked=all(one.yanked for one in files),
            released=min((one.uploaded for one in files if one.uploaded), default=None),
            sha256=tuple(sorted(one.sha256 for one in files)),
        )
        chosen = _best(files)
        if chosen is None:
            return known.model_copy(update={"unusable": _why_not(files)})
        try:
            inside = unpack(chosen.filename, self.wheel(chosen))
        except WheelRefused as error:
            return known.model_copy(update={"unusable": error.message})
        wheel = Wheel(
            filename=chosen.filename,
            sha256=chosen.sha256,
            requires=tuple(inside.metadata.get("requires_dist", ())),
            modules=inside.modules,
        )
        return known.model_copy(update={"wheel": wheel, "licence": licence.stated(inside.metadata)})

    def usable(self, name: str) -> list[tuple[Version, File]]:
        """Every version with a wheel that could be installed, the newest first, and when it came."""
        by_version: dict[Version, list[File]] = {}
        for one in self.files(name):
            if (version := _version(one)) and not one.yanked:
                by_version.setdefault(version, []).append(one)
        best = ((version, _best(files)) for version, files in by_version.items())
        return sorted(
            ((version, file) for version, file in best if file), reverse=True, key=lambda one: one[0]
        )

    def files(self, name: str) -> tuple[File, ...]:
        """Every file of a project; none where it knows no such project."""
        if name not in self._pages:
            page = f"{self.url.rstrip('/')}/{name}/"
            headers = {"accept": simple.ACCEPT, **self._credentials(page)}
            document = self.fetch(page, largest=MAX_PAGE, seconds=PAGE_SECONDS, headers=headers)
            self._pages[name] = None if document is None else simple.files(page, document)
        return self._pages[name] or ()

    def wheel(self, file: File) -> bytes:
        """The content of a file; raises `WheelRefused` where it is not what the index said."""
        if (kept := self.shelf.wheel(file.sha256)) is not None:
            return kept
        if not file.url.startswith("https://") and _origin(file.url) != self._origin:
            raise WheelRefused(f"{file.filename:.100} would come from {file.url:.100}, which is not https")
        content = self.fetch(
            file.url,
            largest=WHEEL.archive,
            seconds=WHEEL_SECONDS,
            headers=self._credentials(file.url),
        )
        if content is None:
            raise Unavailable(f"the package index no longer has {file.filename:.100}")
        if sha256(content).hexdigest() != file.sha256:
            raise WheelRefused(f"{file.filename:.100} is not the file its hash was made of")
        self.shelf.keep_wheel(file.sha256, content)
        return content

    @cached_property
    def _origin(self) -> tuple[str, str]:
        return _origin(self.url)

    def _credentials(self, url: str) -> dict[str, str]:
        own = self.authorization and _origin(url) == self._origin
        return {"authorization": self.authorization} if own else {}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _version(file: File) -> Version | None:
    """The version a file is of; None for what is neither a wheel nor a source archive."""
    try:
        if file.filename.endswith(".whl"):
            return parse_wheel_filename(file.filename)[1]
        return parse_sdist_filename(file.filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return None


def _best(files: Iterable[File]) -> File | None:
    """The wheel that fits most closely where apps run; a source archive never does, for it runs code."""
    fitting = [(min(places), one.filename, one) for one in files if _runs(one) and (places := _places(one))]
    return min(fitting, key=lambda found: found[:2])[2] if fitting else None


def _places(file: File) -> list[int]:
    try:
        tags: frozenset[Tag] = parse_wheel_filename(file.filename)[3]
    except InvalidWheelFilename:
        return []
    return [ranks()[tag] for tag in tags if tag in ranks()]


def _runs(file: File) -> bool:
    try:
        return MARKERS["python_full_version"] in SpecifierSet(file.requires_python or "")
    except InvalidSpecifier:
        return False


def _why_not(files: Iterable[File]) -> str:
    wheels = [one for one in files if one.filename.endswith(".whl")]
    where = f"Python {MARKERS['python_version']} on Linux {MARKERS['platform_machine']}"
    if not wheels:
        return "it is published as source only, and installing that would run its code"
    return f"none of its wheels is made for {where}"
