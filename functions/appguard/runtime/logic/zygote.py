"""The process that is kept warm for an app's own code, and in which none of that code ever runs.

For each call it forks a child that loads the code, answers once and is gone: nothing that one
request leaves behind can be met by the next. It only carries lines between the child and whoever
asked, and says how the child ended.
"""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from appguard.runtime.logic import call
from appguard.runtime.logic.wire import Broken, Flooded, Wire, waited
from appguard.runtime.trial import kernel
from appguard.runtime.trial.confinement import readable, stand_walls
from appguard.runtime.trial.folder import furnished
from appguard.runtime.trial.watching import Ending, forked, sweep

LONGEST_ANSWER = 8 * 1024 * 1024
"""Rows on their way to the code; the broker's replies are smaller."""
LONGEST_SAID = 256 * 1024
"""What a child may say in one call."""
PER_LINE = 64
"""What a line counts beside its length, so that nobody is kept busy with empty ones."""
PRELOADED = ("calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "functools",
             "inspect", "itertools", "math", "re", "statistics", "typing", "zoneinfo")  # fmt: skip
"""Of the standard library, what most code imports: loaded once, so that no call pays for it."""
LEAVING_SECONDS = 0.2
_A_YEAR = 365 * 86400.0
_BEAT = 0.0005


class Place(NamedTuple):
    """Where the app's code lies, its packages where it has any, and a folder for scratch."""

    app: Path
    packages: Path
    scratch: Path

    @property
    def path(self) -> list[Path]:
        """What the code may import beside the standard library."""
        return [folder for folder in (self.app, self.packages) if folder.is_dir()]


def serve(fd: int, place: Place) -> None:
    """Answer calls until the other end is closed."""
    kernel.secluded()
    network = ["network"] if kernel.without_network() else []
    wire = Wire(fd, LONGEST_ANSWER)
    try:
        wire.send({"walls": [*network, *_walls(place)]}, _later(5))
        while True:
            asked = wire.receive(_later(_A_YEAR))
            with furnished(place.scratch, {}) as folder:
                ending = _called(asked, place, folder, wire)
            wire.send({"ended": [ending.signal, ending.code, ending.late, ending.talkative]}, _later(5))
    except (Broken, TimeoutError):
        return


def _walls(place: Place) -> list[str]:
    """Which of the kernel's walls stand here, found out in a child that leaves at once."""

    def tell(report: int) -> Any:
        os.write(report, " ".join(stand_walls(place.scratch, readable())).encode())
        os._exit(0)

    return forked(tell, 2.0, 100).said.decode().split()


def _called(asked: dict[str, Any], place: Place, folder: Path, wire: Wire) -> Ending:
    """One child's whole life."""
    deadline, parent = _later(float(asked["seconds"])), os.getpid()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        pid = os.fork()
        if pid == 0:
            try:
                call.run(asked, folder, place.path, theirs.fileno(), parent)
            finally:
                os._exit(1)
        theirs.close()
        late = talkative = False
        try:
            over = _later(float(asked["in_all"]))
            deadline = _carry(Wire(ours.fileno(), LONGEST_SAID), wire, deadline, over)
        except TimeoutError:
            late = True
        except Flooded:
            talkative = True
        finally:
            ended = None if late or talkative else _left(pid, deadline)
            status = _killed(pid) if ended is None else ended
            sweep()
    return Ending(b"", status, late or (ended is None and not talkative), talkative)


def _carry(child: Wire, wire: Wire, deadline: float, over: float) -> float:
    """Carry lines both ways until the child closes its end; by when it has to leave.

    Its clock stands still while somebody else looks for an answer to it, no longer than until `over`.
    """
    said, asked_at = 0, 0.0
    while True:
        ready = waited([child.fd, wire.fd], [], over if asked_at else deadline)
        if wire.fd in ready and not wire.take_in():
            raise Broken
        while line := wire.next_line():
            deadline = min(over, deadline + time.monotonic() - asked_at) if asked_at else deadline
            asked_at = 0.0
            with suppress(Broken):  # it is gone, which its end of the line will say
                child.send_line(line, deadline)
        open_ = child.fd not in ready or child.take_in()
        while line := child.next_line():
            said += len(line) + PER_LINE
            if said > LONGEST_SAID:
                raise Flooded
            wire.send({"said": line.decode(errors="replace")}, over)
            asked_at = time.monotonic()
        if not open_:
            return max(deadline, _later(LEAVING_SECONDS))


def _left(pid: int, deadline: float) -> int | None:
    """How the child left, if it does so in time."""
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended or time.monotonic() > deadline:
            return status if ended else None
        time.sleep(_BEAT)


def _killed(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _later(seconds: float) -> float:
    return time.monotonic() + seconds


def main() -> None:
    """Entry point of the interpreter that is started for it."""
    for module in PRELOADED:
        import_module(module)
    fd, app, packages, scratch = sys.argv[-4:]
    serve(int(fd), Place(Path(app), Path(packages), Path(scratch)))
