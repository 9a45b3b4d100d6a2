"""Sources on a laptop or in CI: files somebody fetched before, or an index that is asked there."""

from collections.abc import Sequence
from hashlib import sha256
from os import getpid
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from appguard.kernel.record import Record
from appguard.packages import requirements
from appguard.packages.errors import FactsUnusable
from appguard.packages.export import cache_folder, index_at
from appguard.packages.model import Answer, Facts, Pin, Resolution
from appguard.packages.resolve import Resolve
from appguard.packages.source import PackageIndex

MAX_BYTES = 64 * 1024 * 1024


class AdvisoryFile:
    """An OSV export, read when a bundle has dependencies to look up and not before."""

    def __init__(self, path: Path) -> None:
        """A zip or folder at `path`."""
        self._path = path

    def ask(self, pins: Sequence[Pin]) -> Answer:
        """What the export says; raises `AdvisoriesUnusable`."""
        return index_at(self._path).ask(pins)


class _File(Record):
    packages: tuple[Facts, ...]


class FactFile:
    """Facts as the package index published them, in a JSON file. Nothing can be installed from it."""

    def __init__(self, path: Path) -> None:
        """A file at `path`."""
        self._path = path

    def resolve(self, content: bytes) -> Resolution:
        """The facts of those pins that stand in the file; raises `FactsUnusable`."""
        if self._path.stat().st_size > MAX_BYTES:
            raise FactsUnusable(f"{self._path.name} is larger than {MAX_BYTES:,} bytes")
        try:
            read = _File.model_validate_json(self._path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise FactsUnusable(
                f"{self._path.name} holds no package facts ({where}: {first['msg']})"
            ) from None
        pinned = {(pin.name, pin.version) for pin in requirements.read(content).pins}
        return Resolution(facts=tuple(one for one in read.packages if (one.name, one.version) in pinned))

    def place(self, installed: str) -> str:
        """There is no archive of any digest."""
        raise FactsUnusable(f"{self._path.name} holds no packages, so {installed:.12} is nowhere")


class IndexOnLaptop:
    """A package index asked from here; what came of it is kept in the user's cache."""

    def __init__(self, url: str) -> None:
        """Ask the index at `url`, once for each file, whichever gate comes first."""
        self._url, self._lock = url, Lock()
        self._known: dict[bytes, Resolution] = {}
        self._folder = cache_folder() / "packages"

    def resolve(self, content: bytes) -> Resolution:
        """What it knows of a requirements.txt."""
        with self._lock:
            if content not in self._known:
                self._known[content] = Resolve(PackageIndex(self._url, self), self._keep)(content)
            return self._known[content]

    def place(self, installed: str) -> str:
        """The archive's address on this machine."""
        return (self._folder / installed).as_uri()

    def wheel(self, digest: str) -> bytes | None:
        """A wheel of the cache; one that was damaged there is fetched again."""
        try:
            content = (self._folder / digest).read_bytes()
        except FileNotFoundError:
            return None
        return content if sha256(content).hexdigest() == digest else None

    def keep_wheel(self, digest: str, content: bytes) -> None:
        """Keep a wheel."""
        self._keep(digest, content)

    def _keep(self, digest: str, content: bytes) -> None:
        part = self._folder / f"{digest}.{getpid()}.part"
        self._folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(self._folder / digest)
