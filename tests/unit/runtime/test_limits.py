import contextlib
import re
import signal
import threading
import time

import pytest

from appguard.runtime.limits import OutOfTime, within


def test_a_runaway_regular_expression_is_interrupted():
    began = time.monotonic()
    with pytest.raises(OutOfTime), within(0.1):
        re.match(r"^(x+x+)+y$", "x" * 60)
    assert time.monotonic() - began < 2


def test_an_alarm_that_is_swallowed_rings_again():
    def swallow_one() -> None:
        with contextlib.suppress(OutOfTime):
            time.sleep(1)
        time.sleep(1)

    with pytest.raises(OutOfTime), within(0.05):
        swallow_one()


def test_the_limit_ends_with_the_block():
    before = signal.getsignal(signal.SIGALRM)
    with within(0.05):
        pass
    time.sleep(0.1)
    assert signal.getsignal(signal.SIGALRM) == before


def test_outside_the_main_thread_the_block_runs_without_the_limit():
    done = []

    def work():
        with within(0.01):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
