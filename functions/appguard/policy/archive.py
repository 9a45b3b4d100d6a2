"""A policy bundle: the files that decide, as an archive whose name is the digest a decision records."""

import io
import re
import shutil
import zipfile
from pathlib import Path
from tempfile import mkdtemp

from appguard.apps.archive import Limits, read
from appguard.apps.bundle_rules import BundleError
from appguard.policy.errors import PolicyUnusable
from appguard.policy.files import ALSO_DECIDES, DATA_FILES, digest, load

MAX_BYTES = 4 * 1024 * 1024
LIMITS = Limits(archive=MAX_BYTES, files=500, unpacked=MAX_BYTES)
_NAME = re.compile(r"rego(?:/[A-Za-z0-9_-]+){0,3}/[A-Za-z0-9_-]+\.rego")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path) -> bytes:
    """The policy files below `folder`, the same bytes for the same files; raises `PolicyUnusable`."""
    load(folder)
    paths = sorted([*folder.glob("rego/**/*.rego"), *(folder / name for name in DATA_FILES + ALSO_DECIDES)])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in paths:
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(packed: bytes, expected: str, deployed: Path, into: Path) -> Path:
    """A policies folder with these files in place of the deployed ones; raises `PolicyUnusable`.

    Nothing is kept whose digest is not the expected one, or that could not be asked. What is no policy
    (connectors, templates, roles) stays as deployed.
    """
    if into.is_dir():
        if digest(into) != expected:
            raise PolicyUnusable(f"the unpacked policies are not {expected} any more")
        return into
    into.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(dir=into.parent))
    try:
        shutil.copytree(deployed, part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("rego"))
        for name, content in _members(packed).items():
            target = part / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if digest(part) != expected:
            raise PolicyUnusable(f"the stored policies are not {expected}")
        load(part)
        part.rename(into)
    except OSError as error:
        if not into.is_dir():  # else another thread was quicker
            raise PolicyUnusable(f"the stored policies cannot be unpacked: {error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return into


def _members(packed: bytes) -> dict[str, bytes]:
    """The archive's files, inflated within the limits; what no policy bundle holds is not read past."""
    try:
        files = read(packed, LIMITS)
    except BundleError as error:
        raise PolicyUnusable(f"the stored policies are no readable archive: {error.message}") from None
    if any(not _NAME.fullmatch(name) and name not in DATA_FILES + ALSO_DECIDES for name in files):
        raise PolicyUnusable("the archive holds what no policy bundle holds")
    return files
