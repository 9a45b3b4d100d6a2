"""A hard limit on time for what a manifest's author wrote."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(Exception):
    """The limit was reached."""


AGAIN_SECONDS = 0.05
"""An exception raised inside a callback of the garbage collector is lost: the alarm has to ring again."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` inside the block after `seconds`.

    Works through a timer signal, which also interrupts a runaway regular expression. Lambda
    runs handlers in the main thread; elsewhere the block runs without this limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not over:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        try:
            yield
        finally:
            over = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
