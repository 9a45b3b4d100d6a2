"""Start the runner, and beside it the process for the app's own code where a question calls it."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from appguard.kernel.errors import Unavailable
from appguard.runtime.trial.answers import calls_code
from appguard.runtime.trial.folder import furnished, remove
from appguard.runtime.trial.interpreter import PACKAGE, end, isolated
from appguard.runtime.trial.packages import laid_out

SECONDS = 45.0


def report_on(trial: Mapping[str, Any]) -> dict[str, Any]:
    """What came of `trial`. The runner, its children and its folder are gone afterwards."""
    # The import system looks for more modules of ours while it runs, and questions need pydantic.
    path = [str(PACKAGE), *(entry for entry in sys.path if entry and Path(entry).is_dir())]
    folder = Path(mkdtemp(prefix="appguard-trial-"))
    try:
        packages = laid_out(trial.get("packages"), folder / "packages")
        with _code(trial, folder) as line:
            request = json.dumps({**trial, "path": path, "packages": packages, "line": line}).encode()
            return _run(request, folder, () if line is None else (line,))
    finally:
        remove(folder)


@contextmanager
def _code(trial: Mapping[str, Any], folder: Path) -> Iterator[int | None]:
    """A line to the process that runs the app's own code, where a question needs one."""
    if not any(map(calls_code, trial["questions"])):
        yield None
        return
    from appguard.runtime.logic.start import Started  # noqa: PLC0415 - most apps bring no code

    files = {path: b64decode(content) for path, content in trial["files"].items()}
    with furnished(folder, files) as app:
        started = Started(app, folder / "packages")
        try:
            started.walls()
            yield started.wire().fd
        finally:
            started.drop()


def _run(request: bytes, folder: Path, lines: tuple[int, ...]) -> dict[str, Any]:
    pipe, runner = subprocess.PIPE, "appguard.runtime.trial.supervisor"
    with isolated(runner, (), folder, stdin=pipe, stdout=pipe, pass_fds=lines) as process:
        try:
            said, _ = process.communicate(request, timeout=SECONDS)
            found: dict[str, Any] = json.loads(said)
        except subprocess.TimeoutExpired:
            raise Unavailable("The sandbox did not finish in time.") from None
        except ValueError:
            raise Unavailable("The sandbox ended without a report.") from None
        else:
            return found
        finally:
            end(process.pid)
