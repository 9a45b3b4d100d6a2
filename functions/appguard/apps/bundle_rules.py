"""What files may be a bundle: how many, how large, and under which names.

A bundle is unpacked on other machines than ours, so a name must mean the same file on every
system: Windows folds device names and trailing dots, macOS folds case and Unicode forms.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from appguard.kernel.errors import Invalid

MAX_FILES = 200
MAX_BYTES = 5 * 1024 * 1024
MAX_PATH = 200
IGNORED = frozenset({".git", ".github", ".appguard", "__pycache__", ".venv", ".DS_Store", ".pytest_cache"})
"""Left out of every bundle, wherever they stand; `check_paths` sees to it that none of them ships."""

_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?", re.I
)
_NOT_ON_WINDOWS = frozenset('\\<>:"|?*')


class BundleError(Invalid):
    """The files cannot be a bundle."""

    code = "bundle_invalid"
    remediation = "Send a folder with app.yaml at its top, plain files only, at most 200 files and 5 MiB."


class NotABundle(BundleError):
    """There is nothing here that could be checked: no such folder, or no app.yaml in it."""

    code = "not_a_bundle"


def too_much(files: int = MAX_FILES, unpacked: int = MAX_BYTES) -> BundleError:
    """More than a micro app has, or whatever else was unpacked."""
    return BundleError(f"there are more than {files} files or {unpacked:,} bytes")


def ignored(path: str) -> bool:
    """Whether a path is, or stands below, something that no bundle contains."""
    return not IGNORED.isdisjoint(path.split("/"))


def check_paths(paths: Iterable[str]) -> None:
    """Each path is plain, and all stay different where case or Unicode form are folded."""
    seen: dict[str, tuple[str, bool]] = {}
    for path in paths:
        check_path(path)
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            spelt = "/".join(parts[:depth])
            found = (spelt, depth == len(parts))
            other, _ = known = seen.setdefault(_folded(spelt), found)
            if known != found:
                raise BundleError(f"{spelt!r:.100} and {other!r:.100} are one name on some systems")


def check_path(path: str) -> None:
    """A relative path that means the same on every system; raises `BundleError`."""
    pure = PurePosixPath(path)
    safe = (
        path == pure.as_posix()
        and not pure.is_absolute()
        and 0 < len(path) <= MAX_PATH
        and not {"..", "."}.intersection(pure.parts)
        and _NOT_ON_WINDOWS.isdisjoint(path)
        and path.isprintable()
        and not ignored(path)
    )
    if not safe:
        raise BundleError(f"{path!r:.100} is not a plain relative path")
    if any(part != part.rstrip(". ") or _DEVICE.fullmatch(part) for part in pure.parts):
        raise BundleError(f"{path!r:.100} names a device or ends in a dot or space, which Windows folds")


def _folded(path: str) -> str:
    """Canonical caseless form (Unicode 3.13, D145): equal for names that some file system takes for one."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())
