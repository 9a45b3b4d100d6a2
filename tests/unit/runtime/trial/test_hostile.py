"""Suites that mean harm: each is stopped within seconds, named for what it tried, and leaves nothing."""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from appguard.gates.sandbox.local import LocalSandbox
from appguard.gates.sandbox.model import Outcome, SandboxReport
from appguard.runtime.trial.interpreter import PACKAGE

SUITES = {
    "connects": ("escaped", "network", "import socket\nsocket.create_connection(('127.0.0.1', 9))"),
    "fetches": ("escaped", "network", "import urllib.request\nurllib.request.urlopen('http://example.com')"),
    "connects beneath the library": ("escaped", "network", "import _socket\n_socket.socket()"),
    "asks a name server": ("escaped", "network", "import socket\nsocket.getaddrinfo('example.com', 443)"),
    "speaks to a socket of the host": (
        "escaped",
        "calls",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
    ),
    "reads its environment from the kernel": ("escaped", "files", "open('/proc/self/environ').read()"),
    "reads its parent's environment": (
        "escaped",
        "files",
        "import os\nopen(f'/proc/{os.getppid()}/environ', 'rb').read()",
    ),
    "reads the machine's files": ("escaped", "files", "open('/etc/passwd').read()"),
    "lists the machine's files": ("escaped", "files", "import os\nos.listdir('/root')"),
    "reads through a link": (
        "escaped",
        "files",
        "import os\nos.symlink('/etc', 'here')\nopen('here/passwd').read()",
    ),
    "writes elsewhere": ("escaped", "files", "open('/tmp/appguard-was-here', 'w').write('x')"),
    "opens a database": ("escaped", "files", "import sqlite3 as s\ns.connect('/tmp/appguard-was-here')"),
    "removes its neighbours' files": ("escaped", "files", "import os\nos.remove('../../x')"),
    "forks for ever": ("escaped", "process", "import os\nwhile True: os.fork()"),
    "starts a shell": ("escaped", "process", "import os\nos.system('true')"),
    "starts a program": ("escaped", "process", "import subprocess\nsubprocess.run(['/bin/true'])"),
    "starts workers": (
        "escaped",
        "process",
        "import multiprocessing\nmultiprocessing.Process(target=print).start()",
    ),
    "kills its runner": ("escaped", "signals", "import os\nos.kill(os.getppid(), 9)"),
    "kills everybody": ("escaped", "signals", "import os\nos.kill(-1, 9)"),
    "calls the C library": ("escaped", "native", "import ctypes\nctypes.CDLL(None).getpid()"),
    "loads a library of its own": (
        "escaped",
        "native",
        "import importlib.util as u\nopen('evil.so', 'w').write('x')\n"
        "u.module_from_spec(u.spec_from_file_location('evil', 'evil.so'))",
    ),
    "looks for the runner in memory": ("escaped", "tampering", "import gc\ngc.get_objects()"),
    "catches what stops it": (
        "escaped",
        "network",
        "import socket\ntry:\n    socket.socket()\nfinally:\n    import os; os._exit(0)",
    ),
    "patches the runner, then connects": (
        "escaped",
        "network",
        "import os, sys, socket\nframe = sys._getframe()\nwhile frame:\n"
        "    frame.f_globals.update(KINDS=(), hook=None)\n    frame = frame.f_back\n"
        "os.write = os._exit = os.path.realpath = lambda *a: None\nsocket.socket()",
    ),
    "loops for ever": ("too-long", "", "while True: pass"),
    "sleeps for ever": ("too-long", "", "import time\ntime.sleep(3600)"),
    "backtracks for ever": ("too-long", "", "import re\nre.match('(a+)+$', 'a' * 64 + 'b')"),
    "refuses to be interrupted": (
        "too-long",
        "",
        "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass",
    ),
    "takes all memory": ("failed", "MemoryError", "x = 'a' * 2_000_000_000"),
    "starts threads without end": (
        "failed",
        "RuntimeError",
        "import threading, time\n"
        "while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ),
    "fills the disk": (
        "failed",
        "OSError",
        "with open('big', 'wb') as f:\n    while True: f.write(b'x' * 1_000_000)",
    ),
    "opens files without end": ("failed", "OSError", "held = [open('x', 'w') for _ in range(10_000)]"),
    "leaves as if all were well": ("died", "", "import os\nos._exit(0)"),
    "exits as if all were well": ("failed", "SystemExit", "raise SystemExit(0)"),
    "ends itself": ("died", "", "import signal\nsignal.raise_signal(signal.SIGKILL)"),
    "crashes the interpreter": (
        "died",
        "",
        "import sys\nsys.setrecursionlimit(10**9)\nr = lambda x: [r(x)]\nclass A:\n"
        "    def __repr__(self): return repr(self)\nrepr(A())",
    ),
    "prints a report of its own": (
        "failed",
        "AssertionError",
        "print('{\"outcomes\": [], \"answers\": [], \"unanswered\": \"\", \"walls\": []}', flush=True)\n"
        "import sys; sys.__stdout__.flush()\nassert False",
    ),
    "says twice how it ended": (
        "died",
        "",
        "import os\nos.write(3, b'{\"outcome\": \"passed\"}\\n')\nassert False",
    ),
    "floods the report": ("died", "", "import os\nwhile True: os.write(3, b'x' * 1_000_000)"),
    "prints without end": ("too-long", "", "while True: print('x' * 1_000_000)"),
}  # fmt: skip
HARMLESS = {
    "reads the environment": (
        "import os\nassert not [n for n in os.environ if 'AWS' in n or 'SECRET' in n], 'leaked'"
    ),
    "makes folders hundreds deep": (
        "import os\nfor n in range(300):\n    os.mkdir('d')\n    os.chdir('d')\n    open('f', 'w').close()"
    ),
    "locks its folder": "import os\nos.mkdir('d')\nopen('d/f', 'w').close()\nos.chmod('d', 0)",
    "uses what tests use": (
        "import asyncio, json, logging, tempfile, unittest.mock, zoneinfo\n"
        "from datetime import datetime\nfrom pathlib import Path\n"
        "zoneinfo.ZoneInfo('Europe/Berlin')\nasyncio.run(asyncio.sleep(0))\nlogging.warning('hello')\n"
        "with tempfile.TemporaryDirectory() as d: Path(d, 'x').write_text('y')\n"
        "assert Path('app.yaml').read_text() == 'x'"
    ),
}


def suite(names: list[str]) -> dict[str, bytes]:
    """One bundle with these suites, a file each."""
    files = {"app.yaml": b"x"}
    for name in names:
        body = HARMLESS.get(name) or SUITES[name][2]
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        files[f"tests/test_{slug(name)}.py"] = f"def test_it():\n{lines}".encode()
    return files


def slug(name: str) -> str:
    return name.replace(" ", "_").replace("'", "").replace(",", "")


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Iterator[set[str]]:
    """What there is before any suite runs, with a folder for temporary files that only they use."""
    usual, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("temporary"))
    yield traces()
    tempfile.tempdir = usual


def traces() -> set[str]:
    """Processes and folders a trial could leave behind."""
    # Another process of these tests may try something, too: what has a parent is not left behind.
    orphans = (p for p in psutil.process_iter(["ppid"]) if p.info["ppid"] == 1)
    processes = {f"process {p.pid}" for p in orphans if str(PACKAGE) in _command(p)}
    children = {f"child {p.pid}" for p in psutil.Process().children(recursive=True)}
    return processes | children | {f"folder {p}" for p in Path(tempfile.gettempdir()).iterdir()}


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture(scope="module")
def ends(before: set[str]) -> dict[str, Outcome]:
    """How each suite ended, by name: those that end soon together, those that never would in two heaps."""
    endless = [name for name, (outcome, _, _) in SUITES.items() if outcome == "too-long"]
    soon = [name for name in [*SUITES, *HARMLESS] if name not in endless]
    os.environ["AWS_SECRET_ACCESS_KEY"] = "not for tests"
    try:
        started = time.monotonic()
        with ThreadPoolExecutor(3) as pool:
            reports = list(pool.map(run, (soon, endless[::2], endless[1::2])))
        assert time.monotonic() - started < 30
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"]
    return {found.path: found for report in reports for found in report.outcomes}


def run(names: list[str]) -> SandboxReport:
    return LocalSandbox().run(suite(names), ())


@pytest.mark.parametrize("name", SUITES)
def test_a_hostile_suite_is_contained_and_named(name, ends):
    outcome, detail, _ = SUITES[name]
    found = ends[f"tests/test_{slug(name)}.py"]
    assert (found.outcome, found.detail, found.name) == (outcome, detail, "test_it")


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_no_harm_passes(name, ends):
    path = f"tests/test_{slug(name)}.py"
    assert ends[path] == Outcome(path=path, line=1, name="test_it", outcome="passed", detail="")


def test_nothing_is_left_running_and_nothing_is_left_behind(ends, before):
    assert traces() <= before
    assert not Path("/tmp/appguard-was-here").exists()


def test_one_hostile_test_does_not_touch_the_next():
    files = {
        "logic.py": b"def double(n):\n    return 2 * n\n",
        "tests/test_a.py": b"import logic\n\ndef test_a():\n    logic.double = None\n"
        b"    open('logic.py', 'w').write('x = 1')\n\ndef test_b():\n    assert logic.double(2) == 4\n",
    }
    assert [outcome.outcome for outcome in LocalSandbox().run(files, ()).outcomes] == ["passed", "passed"]


def test_code_that_runs_on_import_is_contained_too():
    files = {
        "logic.py": b"import socket\nsocket.socket()\n",
        "tests/test_a.py": b"import logic\ndef test_a(): 1\n",
    }
    [found] = LocalSandbox().run(files, ()).outcomes
    assert (found.outcome, found.detail) == ("escaped", "network")
