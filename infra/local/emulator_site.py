"""Put into the emulator's own environment as `sitecustomize`: how it unpacks functions and layers.

Lambda unpacks an archive before a function is called, with the modes the archive tells. The emulator unpacks
code and layers anew for each worker it starts, without modes, and by Python: whenever the schedules start a
dozen functions at once nothing else is answered for half a minute. Here an archive is unpacked once, and
workers are given links into it; what one of them compiled, the next need not.
"""

import hashlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from threading import Lock
from typing import Any, cast

EXECUTABLE = 0o111
_unpack_all = zipfile.ZipFile.extractall
_unpack_one = zipfile.ZipFile._extract_member  # type: ignore[attr-defined]
_one_at_a_time = Lock()


def _link(self: zipfile.ZipFile, path: Any = None, members: Any = None, pwd: Any = None) -> None:
    """Unpack a whole archive into the empty folder `path`, as links; anything else as ever."""
    if members is not None or path is None or not self.filename or any(Path(path).iterdir()):
        _unpack_all(self, path, members, pwd)
        return
    for entry in _unpacked(self).iterdir():
        (Path(path) / entry.name).symlink_to(entry)


def _unpacked(archive: zipfile.ZipFile) -> Path:
    """Where the archive lies unpacked; the first who asks does it."""
    with Path(cast(str, archive.filename)).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = Path(tempfile.gettempdir()) / "unpacked" / digest
    with _one_at_a_time:
        if not folder.exists():
            part = Path(tempfile.mkdtemp(prefix="unpacking-"))
            try:
                _unpack_all(archive, part)
                folder.parent.mkdir(exist_ok=True)
                part.rename(folder)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
    return folder


def _with_mode(self: zipfile.ZipFile, member: Any, targetpath: Any, pwd: Any) -> str:
    """Unpack one member, then give it back its executable bits."""
    path: str = _unpack_one(self, member, targetpath, pwd)
    info = member if isinstance(member, zipfile.ZipInfo) else self.getinfo(member)
    bits = (info.external_attr >> 16) & EXECUTABLE
    if bits and not info.is_dir():
        os.chmod(path, os.stat(path).st_mode | bits)  # noqa: PTH101, PTH116 - once for each of thousands of files
    return path


zipfile.ZipFile.extractall = _link  # type: ignore[method-assign]
zipfile.ZipFile._extract_member = _with_mode  # type: ignore[attr-defined]
