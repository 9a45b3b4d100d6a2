"""A bundle: the files of a micro app, addressed by their content."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from appguard.apps import archive, folder
from appguard.apps.bundle_rules import MAX_BYTES, MAX_FILES, NotABundle, check_paths, too_much
from appguard.apps.manifest import Manifest, parse
from appguard.kernel.ids import BundleDigest

MANIFEST = "app.yaml"


class Bundle:
    """Files by relative POSIX path. Equal files give an equal digest, whatever the machine or archive."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Check paths and limits; raises `BundleError`."""
        if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
            raise too_much()
        check_paths(files)
        if MANIFEST not in files:
            raise NotABundle(f"there is no {MANIFEST} at the top of the bundle")
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
    def from_dir(cls, path: Path) -> "Bundle":
        """Read a folder; links are refused, version control and caches are left out."""
        return cls(folder.read(path))

    @classmethod
    def from_zip(cls, data: bytes) -> "Bundle":
        """Read an archive in memory, never to disk; one that contradicts itself is refused."""
        return cls(archive.read(data))

    @classmethod
    def at(cls, path: Path) -> "Bundle":
        """The bundle in a folder or a zip archive; raises `BundleError`."""
        if not path.is_file():
            return cls.from_dir(path)
        with path.open("rb") as file:
            return cls.from_zip(file.read(archive.MAX_ARCHIVE + 1))

    def to_zip(self) -> bytes:
        """The same bytes for the same files: fixed times, order and permissions."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path, content in self.files.items():
                info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
                info.external_attr = 0o644 << 16
                zipped.writestr(info, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()
