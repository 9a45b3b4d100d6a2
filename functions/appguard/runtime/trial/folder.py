"""A folder for one test: written fresh, and removed whatever was made of it."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SCRATCH = ".scratch"


@contextmanager
def furnished(parent: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """The bundle's files in a new folder, with a place for temporary files beside them."""
    home = parent / secrets.token_hex(8)
    (home / SCRATCH).mkdir(parents=True)
    try:
        for path, content in files.items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(content)
        yield home
    finally:
        remove(home)


def remove(folder: Path) -> None:
    """Remove a folder without recursion: a thousand folders inside each other exhaust `shutil.rmtree`."""
    os.chmod(folder, 0o700)  # noqa: PTH101 - as the names inside may be anything, so are the calls plain
    while entries := _inside(os.fspath(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)  # noqa: PTH108
                continue
            os.chmod(entry.path, 0o700)  # noqa: PTH101
            for inner in _inside(entry.path):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)  # noqa: PTH101
                    os.rename(inner.path, folder / secrets.token_hex(8))  # noqa: PTH104
                else:
                    os.unlink(inner.path)  # noqa: PTH108
            os.rmdir(entry.path)  # noqa: PTH106
    os.rmdir(folder)  # noqa: PTH106


def _inside(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)
