"""A bundle: the files of a micro app, addressed by their content."""

import hashlib
import io
import stat
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from appguard.apps.manifest import Manifest, parse
from appguard.kernel.errors import Invalid
from appguard.kernel.ids import BundleDigest

MANIFEST = "app.yaml"
MAX_FILES = 200
MAX_BYTES = 5 * 1024 * 1024
MAX_PATH = 200
IGNORED = frozenset({".git", "__pycache__", ".venv", ".DS_Store", ".pytest_cache"})


class BundleError(Invalid):
    """The files cannot be a bundle."""

    code = "bundle_invalid"
    remediation = "Send a folder with app.yaml at its top, plain files only, at most 200 files and 5 MiB."


class Bundle:
    """Files by relative POSIX path. Equal files give an equal digest, whatever the machine or archive."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Check paths and limits; raises `BundleError`."""
        for path in files:
            _check_path(path)
        if MANIFEST not in files:
            raise BundleError(f"there is no {MANIFEST} at the top of the bundle")
        if len(files) > MAX_FILES:
            raise BundleError(f"the bundle has {len(files)} files; at most {MAX_FILES} are accepted")
        if sum(map(len, files.values())) > MAX_BYTES:
            raise BundleError(f"the bundle is larger than {MAX_BYTES:,} bytes")
        self.files: Mapping[str, bytes] = MappingProxyType(dict(sorted(files.items())))

    @cached_property
    def digest(self) -> BundleDigest:
        """SHA-256 over each path and content in order of path, each preceded by its length."""
        hashed = hashlib.sha256(b"appguard-bundle-v1\n")
        for path, content in self.files.items():
            for part in (path.encode(), content):
                hashed.update(len(part).to_bytes(8, "big"))
                hashed.update(part)
        return BundleDigest(f"sha256:{hashed.hexdigest()}")

    def manifest(self) -> Manifest:
        """The parsed manifest; raises `ManifestError`."""
        return parse(self.files[MANIFEST])

    @classmethod
    def from_dir(cls, folder: Path) -> "Bundle":
        """Read a folder; links are refused, version control and caches are left out."""
        if not folder.is_dir():
            raise BundleError(f"{folder} is not a folder")
        return cls(dict(_read(folder)))

    @classmethod
    def from_zip(cls, data: bytes) -> "Bundle":
        """Read an archive in memory, never to disk; sizes are checked before inflating."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [info for info in archive.infolist() if not info.is_dir()]
                _check_members(members)
                return cls({info.filename: archive.read(info) for info in members})
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
            raise BundleError("the file is not a readable zip archive") from None

    def to_zip(self) -> bytes:
        """The same bytes for the same files: fixed times, order and permissions."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.files.items():
                info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
                info.external_attr = 0o644 << 16
                archive.writestr(info, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _read(folder: Path) -> list[tuple[str, bytes]]:
    files: list[tuple[str, bytes]] = []
    size = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if IGNORED.intersection(relative.parts) or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or not path.is_file():
            raise BundleError(f"{relative} is a link or a device; only plain files are accepted")
        size += path.stat().st_size
        if size > MAX_BYTES or len(files) >= MAX_FILES:
            raise BundleError(f"the folder holds more than {MAX_FILES} files or {MAX_BYTES:,} bytes")
        files.append((relative.as_posix(), path.read_bytes()))
    return files


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in members]
    if len(names) != len(set(names)):
        raise BundleError("the archive holds the same file twice")
    if len(members) > MAX_FILES or sum(info.file_size for info in members) > MAX_BYTES:
        raise BundleError(f"the archive holds more than {MAX_FILES} files or {MAX_BYTES:,} bytes")
    for info in members:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise BundleError(f"{info.filename!r:.100} is a link or a device; only plain files are accepted")


def _check_path(path: str) -> None:
    pure = PurePosixPath(path)
    safe = (
        path == pure.as_posix()
        and not pure.is_absolute()
        and 0 < len(path) <= MAX_PATH
        and not {"..", "."}.intersection(pure.parts)
        and "\\" not in path
        and path.isprintable()
    )
    if not safe:
        raise BundleError(f"{path!r:.100} is not a plain relative path")
