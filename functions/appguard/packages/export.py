"""OSV's export, as it is downloaded: a zip or a folder of JSON records. Every byte of it is hostile."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from os import environ, getpid
from pathlib import Path

from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.index import FORMAT, Index, build
from appguard.packages.osv import OsvRecord, record

MAX_ARCHIVE = 512 * 1024 * 1024
MAX_RECORD = 8 * 1024 * 1024
MAX_RECORDS = 200_000
MAX_UNPACKED = 1024 * 1024 * 1024


def records(archive: bytes) -> Iterator[OsvRecord]:
    """Every record of a zip; raises `AdvisoriesUnusable` at the first that is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            yield from _read(_members(opened))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise AdvisoriesUnusable("the advisories are not a readable zip archive") from None


def index_at(path: Path) -> Index:
    """The index of an export on disk. That of a zip is kept in the user's cache under the zip's digest."""
    if path.is_dir():
        return Index(build(_read(_files(path))))
    if path.stat().st_size > MAX_ARCHIVE:
        raise AdvisoriesUnusable(f"{path.name} is larger than {MAX_ARCHIVE:,} bytes")
    archive = path.read_bytes()
    kept = cache_folder() / f"advisories-{FORMAT}-{sha256(archive).hexdigest()}.zip"
    try:
        return Index(kept.read_bytes())
    except (OSError, AdvisoriesUnusable):  # not there yet, or damaged: it is made again
        built = build(records(archive))
    _keep(kept, built)
    return Index(built)


def _read(files: Iterable[tuple[str, bytes]]) -> Iterator[OsvRecord]:
    left = MAX_UNPACKED
    for number, (name, content) in enumerate(files):
        left -= len(content)
        if len(content) > MAX_RECORD or left < 0 or number >= MAX_RECORDS:
            raise AdvisoriesUnusable(f"the advisories unfold to more than is plausible, at {name!r:.100}")
        yield record(content, name)


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for info in archive.infolist():
        if info.filename.endswith(".json"):
            with archive.open(info) as file:  # what is declared may be a lie; what is read is bounded
                yield info.filename, file.read(MAX_RECORD + 1)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.json")):
        if not path.is_symlink() and path.is_file():
            with path.open("rb") as file:
                yield path.name, file.read(MAX_RECORD + 1)


def cache_folder() -> Path:
    """Where this user keeps what can be made again."""
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "appguard"


def _keep(kept: Path, built: bytes) -> None:
    """Keep it and nothing older; where nothing can be kept, the next time takes as long."""
    part = kept.with_suffix(f".{getpid()}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(built)
        part.replace(kept)
        for older in set(kept.parent.glob("advisories-*.zip")) - {kept}:
            older.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            part.unlink()
