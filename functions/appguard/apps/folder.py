"""Read a folder that may be hostile or change meanwhile: no link is followed, nothing waits, all is bounded.

Folders and files are opened relative to their open parent and never through a link, so that a name
swapped after it was listed leads nowhere else.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appguard.apps.bundle_rules import (
    IGNORED,
    MAX_BYTES,
    MAX_FILES,
    BundleError,
    NotABundle,
    check_path,
    too_much,
)

MAX_ENTRIES = 10 * MAX_FILES
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read(folder: Path) -> dict[str, bytes]:
    """The files below `folder` by path, without what bundles ignore; raises `BundleError`."""
    if not folder.is_dir():
        raise NotABundle(f"{folder} is not a folder")
    reading = _Reading()
    with _opened(folder.resolve(), str(folder), None) as top:
        reading.folder(top, "")
    return reading.files


class _Reading:
    """What was read so far, and how much more may be."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._entries = self._bytes = 0

    def folder(self, here: int, prefix: str) -> None:
        """Read everything in an open folder."""
        for name in sorted(self._names(here)):
            path = prefix + name
            check_path(path)
            with _opened(name, path, here) as entry:
                found = os.fstat(entry)
                if stat.S_ISDIR(found.st_mode):
                    self.folder(entry, f"{path}/")
                elif stat.S_ISREG(found.st_mode):
                    self._file(entry, path, found)
                else:
                    raise _not_plain(path)

    def _names(self, here: int) -> Iterator[str]:
        with os.scandir(here) as entries:
            for entry in entries:
                self._entries += 1
                if self._entries > MAX_ENTRIES:
                    raise too_much()
                if entry.name not in IGNORED:
                    yield entry.name

    def _file(self, entry: int, path: str, before: os.stat_result) -> None:
        if len(self.files) >= MAX_FILES or self._bytes + before.st_size > MAX_BYTES:
            raise too_much()
        with os.fdopen(entry, "rb", closefd=False) as opened:
            content = opened.read(before.st_size + 1)
        after = os.fstat(entry)
        if len(content) != before.st_size or _version(before) != _version(after):
            raise BundleError(f"{path!r:.100} changed while it was read")
        self._bytes += len(content)
        self.files[path] = content


@contextmanager
def _opened(name: str | Path, path: str, parent: int | None) -> Iterator[int]:
    """An entry's descriptor. Pipes do not block, links and sockets do not open."""
    try:
        entry = os.open(name, _FLAGS, dir_fd=parent)
    except FileNotFoundError:
        raise BundleError(f"{path!r:.100} went away while the folder was read") from None
    except PermissionError:
        raise
    except OSError:  # ELOOP for a link, ENXIO for a socket
        raise _not_plain(path) from None
    try:
        yield entry
    finally:
        os.close(entry)


def _not_plain(path: str) -> BundleError:
    return BundleError(f"{path!r:.100} is a link or a device; only plain files are accepted")


def _version(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
