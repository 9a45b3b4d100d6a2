"""What a process gives up before it does untrusted work: open files, resources, then files and calls."""

import contextlib
import fcntl
import os
import resource
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from appguard.runtime.trial import kernel, landlock, seccomp
from appguard.runtime.trial.folder import SCRATCH

MEMORY = 512 * 1024 * 1024
FILE_BYTES = 10 * 1024 * 1024
OPEN_FILES = 64
REPORT = 3
LINE = 4
_TABLES = ("/usr/share/zoneinfo", "/dev/urandom", "/dev/null", "/etc/mime.types")
"""What parts of the standard library read beside their own code."""


def confined(report: int, parent: int, cpu_seconds: int, line: int | None = None) -> None:
    """Keep one open file, for the report, and bounds on everything that can be used up.

    With a `line` to the process that runs an app's own code, keep that as well.
    """
    kernel.dies_with(parent)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    kept = None if line is None else fcntl.fcntl(line, fcntl.F_DUPFD, LINE + 1)
    os.dup2(report, REPORT)
    if kept is not None:
        os.dup2(kept, LINE)
    os.closerange((REPORT if kept is None else LINE) + 1, 4096)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no bound on memory
            resource.setrlimit(what, (most, most))


def move_in(home: Path, path: Sequence[Path]) -> None:
    """`home` is where it works and keeps temporary files; it imports from `path` and Python's own library."""
    os.chdir(home)
    os.environ.clear()
    os.environ.update({"HOME": str(home), "TMPDIR": str(home / SCRATCH), "LANG": "C.UTF-8"})
    tempfile.tempdir = str(home / SCRATCH)
    own = Path(sysconfig.get_path("stdlib"))
    sys.path = [*map(str, path), *(entry for entry in sys.path if Path(entry).is_relative_to(own))]
    sys.argv = [""]


def stand_walls(home: Path, reading: list[Path]) -> list[str]:
    """The kernel's walls around files and calls; the names of those that stand."""
    walls = ["files"] if landlock.fenced(reading, home) else []
    if seccomp.filtered():
        return [*walls, "calls"]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return walls


def readable() -> list[Path]:
    """The standard library and what it loads, and nothing of the platform."""
    libraries = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), f"{sys.base_prefix}/lib"}
    return [Path(path) for path in (*sorted(libraries), "/lib", "/lib64", "/usr/lib", *_TABLES)]
