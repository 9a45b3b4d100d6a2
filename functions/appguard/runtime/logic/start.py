"""Start the process that runs an app's own code: its own interpreter, nothing in its environment."""

import socket
import subprocess
import time
from pathlib import Path
from tempfile import mkdtemp

from aws_lambda_powertools import Logger

from appguard.kernel.errors import Unavailable
from appguard.runtime.logic.wire import Broken, Wire
from appguard.runtime.logic.zygote import LONGEST_ANSWER
from appguard.runtime.trial import kernel
from appguard.runtime.trial.folder import remove
from appguard.runtime.trial.interpreter import end, isolated

logger = Logger(child=True)
READY_SECONDS = 5.0


class Started:
    """Kept while it lives, started again when it has ended."""

    def __init__(self, app: Path, packages: Path) -> None:
        """Run the code in `app` with the packages in `packages`, where there are any."""
        self._app, self._packages = app, packages
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: Wire | None = None
        self._scratch: Path | None = None
        self._end: socket.socket | None = None
        self._walls: tuple[str, ...] | None = None

    def begin(self) -> None:
        """Start it without waiting until it is ready."""
        if self._process and self._process.poll() is None:
            return
        self.drop()
        kernel.unreadable()
        ours, theirs = socket.socketpair()
        self._scratch = Path(mkdtemp(prefix="appguard-logic-"))
        places = (str(theirs.fileno()), str(self._app), str(self._packages), str(self._scratch))
        with theirs:
            self._process = isolated(
                "appguard.runtime.logic.zygote", places, self._scratch, pass_fds=(theirs.fileno(),)
            )
        self._end, self._wire, self._walls = ours, Wire(ours.fileno(), LONGEST_ANSWER), None

    def wire(self) -> Wire:
        """The line to it, once it is ready; raises `Broken`."""
        self.walls()
        if self._wire is None:
            raise Broken
        return self._wire

    def walls(self) -> tuple[str, ...]:
        """Which of the kernel's walls stand around the code."""
        self.begin()
        if self._walls is None and self._wire:
            try:
                said = self._wire.receive(time.monotonic() + READY_SECONDS)
            except (Broken, TimeoutError) as error:
                raise Unavailable("The process for this app's own code does not start.") from error
            self._walls = tuple(said["walls"])
            logger.info("the app's own code can run", walls=self._walls)
        return self._walls or ()

    def drop(self) -> None:
        """End it and everything it started, and remove its folder."""
        if self._process:
            end(self._process.pid)
            self._process.wait()
        if self._end:
            self._end.close()
        if self._scratch:
            remove(self._scratch)
        self._process = self._wire = self._end = self._scratch = None
