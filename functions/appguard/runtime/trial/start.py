"""Start the runner: an interpreter of its own with nothing to read in its environment or its folder."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from appguard.kernel.errors import Unavailable
from appguard.runtime.trial.folder import remove
from appguard.runtime.trial.packages import laid_out

SECONDS = 45.0
_BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from appguard.runtime.trial.supervisor import main; sys.path.pop(0); main()"
)
_ISOLATED = ("-I", "-S", "-B", "-X", "utf8", "-X", "faulthandler=0")
_PACKAGE = Path(__file__).resolve().parents[3]


def report_on(trial: Mapping[str, Any]) -> dict[str, Any]:
    """What came of `trial`. The runner, its children and its folder are gone afterwards."""
    # The import system looks for more modules of ours while it runs, and questions need pydantic.
    path = [str(_PACKAGE), *(entry for entry in sys.path if entry and Path(entry).is_dir())]
    folder = Path(mkdtemp(prefix="appguard-trial-"))
    try:
        packages = laid_out(trial.get("packages"), folder / "packages")
        request = json.dumps({**trial, "path": path, "packages": packages}).encode()
        return _run(request, folder)
    finally:
        remove(folder)


def _run(request: bytes, folder: Path) -> dict[str, Any]:
    command = [sys.executable, *_ISOLATED, "-c", _BEGIN, str(_PACKAGE)]
    # Lambda's interpreter finds its own library by this variable; nothing else of ours is passed on.
    passed = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    environment = {"PYDANTIC_DISABLE_PLUGINS": "1", **passed}
    with subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    ) as process:
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
            _end(process.pid)


def _end(group: int) -> None:
    """The runner leads a session of its own: what is left of it goes with it."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
