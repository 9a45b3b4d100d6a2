"""semgrep's core: as its wheel carries it, or unpacked once where a Lambda layer carries it compressed."""

import gzip
import os
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from appguard.gates.model import GateFailed

NAME = "semgrep-core"


@cache
def core() -> Path:
    """The program; raises `GateFailed` where this deployment has none."""
    spec = find_spec("semgrep")
    if spec is None or spec.origin is None:
        raise GateFailed("semgrep is not part of this deployment")
    plain = Path(spec.origin).parent / "bin" / NAME
    return plain if plain.is_file() else unpacked(plain.with_suffix(".gz"), Path(tempfile.gettempdir()))


def unpacked(packed: Path, scratch: Path) -> Path:
    """The program out of its archive, kept for later calls in a folder nobody else can write to."""
    stamp = packed.stat()
    home = scratch / f"appguard-semgrep-{os.getuid()}-{stamp.st_size}-{int(stamp.st_mtime)}"
    home.mkdir(mode=0o700, exist_ok=True)
    owner = home.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077 or home.is_symlink():
        raise GateFailed("the place semgrep is unpacked to belongs to somebody else")
    program = home / NAME
    if not program.is_file():
        part = home / f"{NAME}.{os.getpid()}"
        with gzip.open(packed) as source, part.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        part.chmod(0o500)
        part.replace(program)
    return program
