"""Put into the emulator's own environment as `sitecustomize`: archives keep their executable bits.

Lambda unpacks code and layers with the modes in the archive; the emulator unpacks them with Python's
zipfile, which drops modes, so that the secret scanner's binary could not be run.
"""

import zipfile
from pathlib import Path
from typing import Any

EXECUTABLE = 0o111
_unpack = zipfile.ZipFile._extract_member  # type: ignore[attr-defined]


def _unpack_with_mode(self: zipfile.ZipFile, member: Any, targetpath: Any, pwd: Any) -> str:
    """Unpack one member, then give it back its executable bits."""
    path: str = _unpack(self, member, targetpath, pwd)
    info = member if isinstance(member, zipfile.ZipInfo) else self.getinfo(member)
    bits = (info.external_attr >> 16) & EXECUTABLE
    if bits and not info.is_dir():
        Path(path).chmod(Path(path).stat().st_mode | bits)
    return path


zipfile.ZipFile._extract_member = _unpack_with_mode  # type: ignore[attr-defined]
