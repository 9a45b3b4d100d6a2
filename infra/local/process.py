"""Background processes that outlive the command, known by pid *and* start time.

A pid alone may belong to somebody else after a reboot; we signal only what we started. Each is noted
in `run/<name>.json` from the moment it exists, so that even a command that fails leaves nothing unknown.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil
from pydantic import BaseModel, ValidationError

from infra.local.errors import DidNotStart
from infra.local.places import home, log_of

STOP_SECONDS = 15.0
START_SECONDS = 120.0


class Process(BaseModel, frozen=True):
    """A process we started, and its group: the group's id is the leader's pid."""

    name: str
    pid: int
    started: float

    @classmethod
    def known(cls, name: str) -> Self | None:
        """The one of that name we started last, dead or alive."""
        try:
            return cls.model_validate_json(_note(name).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def is_running(self) -> bool:
        """Whether exactly this process still lives."""
        with suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.pid)
            return bool(found.create_time() == self.started and found.status() != psutil.STATUS_ZOMBIE)
        return False

    def stop(self) -> None:
        """Ask politely, wait, insist; then end what is left of its group (workers of the emulator)."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)
            if not _within(STOP_SECONDS, lambda: not self.is_running()):
                os.kill(self.pid, signal.SIGKILL)
                _within(STOP_SECONDS, lambda: not self.is_running())
        orphans = self._group()
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        psutil.wait_procs(orphans, timeout=STOP_SECONDS)
        if self.known(self.name) == self:
            _note(self.name).unlink()

    def _group(self) -> list[psutil.Process]:
        """Members of our group that are younger than its leader, hence ours."""
        members = []
        for found in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                if os.getpgid(found.pid) == self.pid and found.create_time() >= self.started:
                    members.append(found)
        return members


def start(name: str, command: Sequence[str | Path], environment: Mapping[str, str], cwd: Path) -> Process:
    """Start `command` in a session of its own, with exactly this environment, logging to `<name>.log`."""
    with log_of(name).open("ab") as log:
        child = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Process(name=name, pid=child.pid, started=psutil.Process(child.pid).create_time())
    _note(name).write_text(started.model_dump_json())
    return started


def wait_until_ready(process: Process, ready: Callable[[], bool]) -> None:
    """Return once `ready` says so; raise with the log's end when the process dies or stays silent."""
    if not _within(START_SECONDS, lambda: ready() or not process.is_running()) or not process.is_running():
        log = log_of(process.name)
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        raise DidNotStart(f"{process.name} did not start; the end of {log}:\n{tail}")


def _note(name: str) -> Path:
    """Where a process is noted."""
    folder = home() / "run"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.json"


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether `condition` becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
