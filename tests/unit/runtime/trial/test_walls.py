"""The kernel's walls alone, without the hook: what they stop even if Python is gone around."""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from appguard.runtime.trial import confinement, landlock, seccomp
from appguard.runtime.trial.watching import Ending, forked

linux = pytest.mark.skipif(sys.platform != "linux", reason="these walls are Linux's")


def behind_the_walls(work, home: Path) -> Ending:
    def run(report: int) -> NoReturn:
        confinement.confined(report, os.getppid(), 5)
        walls = confinement.stand_walls(home, confinement.readable())
        try:
            said = str(work())
        except OSError as error:
            said = type(error).__name__
        os.write(confinement.REPORT, f"{','.join(walls)} {said}".encode())
        os._exit(0)

    return forked(run, 5, 1000)


@linux
@pytest.mark.parametrize(
    "work",
    [
        socket.socket,
        os.fork,
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getppid(), 0),
        os.setsid,
    ],
    ids=["socket", "fork", "exec", "kill", "setsid"],
)
def test_a_forbidden_call_ends_the_process(work, tmp_path):
    assert behind_the_walls(work, tmp_path).signal == signal.SIGSYS


@linux
@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "/root", __file__])
def test_files_outside_cannot_be_read(path, tmp_path):
    assert (
        behind_the_walls(lambda: os.open(path, os.O_RDONLY), tmp_path).said == b"files,calls PermissionError"
    )


@linux
def test_files_inside_can_be_read_and_written(tmp_path):
    ending = behind_the_walls(lambda: (tmp_path / "x").write_text("four"), tmp_path)
    assert ending.said == b"files,calls 4"


@linux
def test_nothing_can_be_written_outside(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    assert (
        behind_the_walls(lambda: (tmp_path / "x").write_text("y"), inside).said
        == b"files,calls PermissionError"
    )


def test_where_there_are_no_walls_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not seccomp.filtered()
    assert not landlock.fenced([], tmp_path)


def test_a_machine_nobody_wrote_a_filter_for_has_none(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert not seccomp.filtered()


def test_a_child_that_writes_too_much_is_ended(tmp_path):
    def flood(report: int) -> NoReturn:
        while True:
            os.write(report, b"x" * 1000)

    ending = forked(flood, 5, 5000)
    assert (ending.talkative, ending.late, ending.signal) == (True, False, signal.SIGKILL)


def test_a_child_that_takes_too_long_is_ended():
    ending = forked(lambda _: signal.pause(), 0.1, 100)
    assert (ending.late, ending.signal) == (True, signal.SIGKILL)


def test_what_a_child_said_before_it_left_is_heard_whole():
    def speak(report: int) -> NoReturn:
        os.write(report, b"x" * 60_000)
        os._exit(3)

    assert forked(speak, 5, 100_000) == Ending(b"x" * 60_000, 3 << 8, late=False, talkative=False)
