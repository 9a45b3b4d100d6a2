import os
import signal
import sys

import psutil
import pytest

from infra.local import process
from infra.local.errors import DidNotStart
from infra.local.process import Process

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def sleeper(tmp_path):
    started = process.start("sleeper", FOREVER, {}, tmp_path)
    yield started
    started.stop()


def test_a_started_process_runs_until_it_is_stopped(sleeper):
    assert sleeper.is_running()
    sleeper.stop()
    assert not sleeper.is_running()


def test_a_started_process_is_known_by_name_until_it_was_stopped(sleeper):
    assert Process.known("sleeper") == sleeper
    sleeper.stop()
    assert Process.known("sleeper") is None


def test_a_pid_that_now_belongs_to_somebody_else_is_neither_running_nor_stopped(sleeper):
    reused = Process(name="ours", pid=sleeper.pid, started=sleeper.started - 100)
    assert not reused.is_running()
    reused_leader = Process(name="ours", pid=sleeper.pid, started=sleeper.started + 100)
    reused_leader.stop()
    assert sleeper.is_running()


def test_a_process_that_ignores_the_polite_request_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "STOP_SECONDS", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True)"
    stubborn = f"{deaf}; time.sleep(600)"
    started = process.start("stubborn", [sys.executable, "-c", stubborn], {}, tmp_path)
    process.wait_until_ready(started, lambda: process.log_of("stubborn").stat().st_size > 0)
    started.stop()
    assert not started.is_running()


def test_stopping_a_dead_leader_ends_the_workers_it_left(tmp_path):
    parent = f"import subprocess; subprocess.Popen({FOREVER!r}); import time; time.sleep(600)"
    started = process.start("parent", [sys.executable, "-c", parent], {}, tmp_path)
    process.wait_until_ready(started, lambda: bool(psutil.Process(started.pid).children()))
    worker = psutil.Process(started.pid).children()[0]
    os.kill(started.pid, signal.SIGKILL)
    os.waitpid(started.pid, 0)
    started.stop()
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_a_service_that_dies_at_once_is_reported_with_the_end_of_its_log(tmp_path):
    started = process.start(
        "broken", [sys.executable, "-c", "raise SystemExit('no such luck')"], {}, tmp_path
    )
    with pytest.raises(DidNotStart, match="no such luck"):
        process.wait_until_ready(started, lambda: False)


def test_nothing_of_our_environment_reaches_a_service(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of a real account")
    show = [sys.executable, "-c", "import os, time; print(sorted(os.environ), flush=True); time.sleep(600)"]
    started = process.start("shown", show, {"PATH": "/bin"}, tmp_path)
    process.wait_until_ready(started, lambda: "PATH" in process.log_of("shown").read_text())
    started.stop()
    assert "AWS_SECRET_ACCESS_KEY" not in process.log_of("shown").read_text()
