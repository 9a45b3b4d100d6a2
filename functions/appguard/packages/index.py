"""Advisories by name of package, in one file: to ask about three packages, three are read.

It is a zip with a member for each package, because a zip's directory is what finds one of them without
reading the others. Everything in it was validated when it was built.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from packaging.version import Version
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from appguard.kernel.record import Record
from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.matching import affects, smallest_fix
from appguard.packages.model import Answer, Pin, Vulnerability
from appguard.packages.osv import Advisory, OsvRecord

FORMAT: Literal[1] = 1
MALICIOUS = "MAL-"
MAX_MEMBER = 16 * 1024 * 1024
_HEADER = "index.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ADVISORIES: TypeAdapter[list[Advisory]] = TypeAdapter(list[Advisory])


class Header(Record):
    """What an index holds. `as_of` is when its newest record was last changed."""

    format: Literal[1] = FORMAT
    as_of: AwareDatetime
    advisories: int
    packages: int


def build(records: Iterable[OsvRecord]) -> bytes:
    """The index of these records; the same records give the same bytes. Raises `AdvisoriesUnusable`."""
    by_name: dict[str, list[Advisory]] = {}
    newest: datetime | None = None
    count = 0
    for one in records:
        count, newest = count + 1, max(newest or one.modified, one.modified)
        for name, advisory in one.advisories():
            by_name.setdefault(name, []).append(advisory)
    if newest is None or not by_name:
        raise AdvisoriesUnusable("it holds no OSV record about a package of PyPI")
    header = Header(as_of=newest, advisories=count, packages=len(by_name))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _write(archive, _HEADER, header.model_dump_json().encode())
        for name, advisories in sorted(by_name.items()):
            ordered = sorted(advisories, key=lambda advisory: (advisory.id, advisory.versions))
            _write(archive, _member(name), _ADVISORIES.dump_json(ordered))
    return written.getvalue()


class Index:
    """An index that was built before, as a source of advisories."""

    def __init__(self, data: bytes) -> None:
        """Read its directory and header; raises `AdvisoriesUnusable`."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._names = frozenset(self._archive.namelist())
            self.header = Header.model_validate_json(self._read(_HEADER))
        except (zipfile.BadZipFile, KeyError, ValidationError):
            raise AdvisoriesUnusable("the index of advisories cannot be read") from None

    def ask(self, pins: Sequence[Pin]) -> Answer:
        """What is known to be wrong with these, one vulnerability for all names it goes by."""
        found = {pin: vulnerabilities(self.of(pin.name), pin) for pin in pins}
        return Answer("OSV", self.header.as_of, {pin: faults for pin, faults in found.items() if faults})

    def of(self, name: str) -> list[Advisory]:
        """Every advisory about a package, by its normalised name."""
        member = _member(name)
        if member not in self._names:
            return []
        try:
            return _ADVISORIES.validate_json(self._read(member))
        except ValidationError:
            raise AdvisoriesUnusable(f"the index of advisories is damaged at {name}") from None

    def _read(self, member: str) -> bytes:
        try:
            with self._archive.open(member) as file:
                content = file.read(MAX_MEMBER + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise AdvisoriesUnusable("the index of advisories is damaged") from None
        if len(content) > MAX_MEMBER:
            raise AdvisoriesUnusable(f"the index of advisories unfolds to too much at {member}")
        return content


def vulnerabilities(known: Sequence[Advisory], pin: Pin) -> tuple[Vulnerability, ...]:
    """The faults of a pin. The version to move to has none of all that are known, if there is such a one."""
    version = Version(pin.version)
    sound = smallest_fix(known, version)
    return tuple(
        _vulnerability(group, sound or smallest_fix(group, version))
        for group in _groups([advisory for advisory in known if affects(advisory, version)])
    )


def _groups(advisories: Sequence[Advisory]) -> list[list[Advisory]]:
    """Advisories that share an id or alias are one: each database describes the same fault anew."""
    groups: list[tuple[set[str], list[Advisory]]] = []
    for advisory in advisories:
        names, members = {advisory.id, *advisory.aliases}, [advisory]
        for other in [group for group in groups if group[0] & names]:
            groups.remove(other)
            names, members = names | other[0], other[1] + members
        groups.append((names, members))
    return [members for _, members in groups]


def _vulnerability(group: list[Advisory], fixed: Version | None) -> Vulnerability:
    names = {name for advisory in group for name in (advisory.id, *advisory.aliases)}
    first = min(names, key=lambda name: (not name.startswith(MALICIOUS), not name.startswith("CVE-"), name))
    return Vulnerability(
        id=first,
        aliases=tuple(sorted(names - {first})),
        fixed=str(fixed) if fixed else None,
        malicious=any(name.startswith(MALICIOUS) for name in names),
    )


def _member(name: str) -> str:
    return f"packages/{name}.json"


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
