"""Waiting for a child: what it said, how it ended, and nothing of it left."""

import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

_BEAT = 0.002


class Ending(NamedTuple):
    """How a child ended, and what it wrote before."""

    said: bytes
    status: int
    late: bool
    talkative: bool

    @property
    def signal(self) -> int:
        """The signal that ended it, 0 when it left by itself."""
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0

    @property
    def code(self) -> int:
        """Its exit code, -1 when a signal ended it."""
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else -1


def forked(work: Callable[[int], NoReturn], seconds: float, most: int) -> Ending:
    """Fork, let `work` write to the open file it is given, and wait so long and for so much."""
    others = _children()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            work(writing)
        finally:
            os._exit(1)
    os.close(writing)
    try:
        return _watch(pid, reading, time.monotonic() + seconds, most)
    finally:
        os.close(reading)
        sweep(others)


def _watch(pid: int, reading: int, deadline: float, most: int) -> Ending:
    said, ended, status, late = b"", 0, 0, False
    while not (ended or late or len(said) > most):
        said += _heard(reading, _BEAT)
        ended, status = os.waitpid(pid, os.WNOHANG)
        late = not ended and time.monotonic() > deadline
    if not ended:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    while len(said) <= most and (more := _heard(reading, 0)):
        said += more
    return Ending(said[:most], status, late, talkative=len(said) > most)


def _heard(reading: int, seconds: float) -> bytes:
    """What was written meanwhile. One that closed its end is waited for without spinning."""
    if not select.select([reading], [], [], seconds)[0]:
        return b""
    chunk = os.read(reading, 65536)
    if not chunk:
        time.sleep(seconds)
    return chunk


def sweep(others: frozenset[int] = frozenset()) -> None:
    """End what a child left behind: orphans come to the process that asked the kernel for them.

    `others` are children who were there before, and have nothing to do with it.
    """
    while orphans := _children() - others:
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)


def _children() -> frozenset[int]:
    """Our children, where the kernel lists them."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return frozenset(map(int, listed.read_text().split())) if listed.exists() else frozenset()
