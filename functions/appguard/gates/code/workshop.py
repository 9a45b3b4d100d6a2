"""Where tools look at a bundle's code: a folder of ours, names of ours, and no file but the code itself.

Nothing in a bundle can configure a tool: its settings stay outside, a name it chose would not be seen,
and each tool is told to disregard comments that switch it off.
"""

import json
import os
import resource
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from appguard.gates.model import GateFailed
from appguard.gates.sources import Source

SECONDS = 40
MEGABYTE = 1024 * 1024


@contextmanager
def workshop(sources: Sequence[Source]) -> Iterator[Mapping[Path, Source]]:
    """The sources as files, by where each stands."""
    with TemporaryDirectory(prefix="appguard-code-") as folder:
        places = {Path(folder, "code", f"{number:03}.py"): source for number, source in enumerate(sources)}
        Path(folder, "code").mkdir()
        for place, source in places.items():
            place.write_text(source.text, encoding="utf-8", errors="surrogatepass", newline="\n")
        yield places


def run(
    tool: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], megabytes: int
) -> dict[str, Any]:
    """What a tool answers in JSON; raises `GateFailed` when it does not, in time and within its memory."""
    bare = {"PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8", **environment}
    try:
        with subprocess.Popen(  # noqa: S603 - our own tool, no shell, names chosen here
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=bare,
            cwd=folder,
        ) as process:
            _limit(process.pid, megabytes)
            try:
                answer, _ = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise GateFailed(f"{tool} took longer than {SECONDS} seconds") from None
        told = json.loads(answer)
    except (OSError, ValueError) as error:
        raise GateFailed(f"{tool} did not run: {type(error).__name__}") from None
    if process.returncode not in (0, 1) or not isinstance(told, dict):
        raise GateFailed(f"{tool} ended with code {process.returncode}")
    return told


def _limit(pid: int, megabytes: int) -> None:
    """Cap the memory of a process just begun, where the system can (Linux)."""
    if hasattr(resource, "prlimit"):
        limit = megabytes * MEGABYTE
        resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
