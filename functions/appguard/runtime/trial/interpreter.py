"""An interpreter of its own, with nothing to read in its environment or its folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

_BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from importlib import import_module; main = import_module(sys.argv[2]).main; sys.path.pop(0); main()"
)
_ISOLATED = ("-I", "-S", "-B", "-X", "utf8", "-X", "faulthandler=0")
PACKAGE = Path(__file__).resolve().parents[3]


def isolated(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    pass_fds: Collection[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `main` of one of our modules in an interpreter of its own, with nothing of ours to read."""
    command = [sys.executable, *_ISOLATED, "-c", _BEGIN, str(PACKAGE), module, *arguments]
    # Lambda's interpreter finds its own library by this variable; nothing else of ours is passed on.
    passed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        command,
        stdin=stdin,
        stdout=stdout,
        pass_fds=pass_fds,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"PYDANTIC_DISABLE_PLUGINS": "1", **passed},
        start_new_session=True,
    )


def end(group: int) -> None:
    """End a process that leads a session of its own, and what is left of what it started."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
