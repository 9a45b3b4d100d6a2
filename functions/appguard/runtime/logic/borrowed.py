"""The app's own code behind a line that somebody else has opened and will close."""

from functools import cache

from appguard.runtime.logic.client import Logic
from appguard.runtime.logic.wire import Broken, Wire
from appguard.runtime.logic.zygote import LONGEST_ANSWER


class _Borrowed:
    def __init__(self, fd: int) -> None:
        self._wire: Wire | None = Wire(fd, LONGEST_ANSWER)

    def wire(self) -> Wire:
        """The line, until it failed once: nobody here can open another."""
        if self._wire is None:
            raise Broken
        return self._wire

    def drop(self) -> None:
        """Speak over it no more."""
        self._wire = None


@cache
def borrowed(fd: int) -> Logic:
    """The app's own code behind the open file `fd`."""
    return Logic(_Borrowed(fd))
