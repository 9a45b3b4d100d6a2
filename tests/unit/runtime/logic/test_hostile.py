"""Code of an app that means harm: it gets at nothing, is ended in time, and the next request is served."""

import os
import sys
import time

import psutil
import pytest

from appguard.runtime.logic.errors import LogicFailed

TRIED = "tried what an app may not do"
SILENT = "ended without an answer"
FUNCTIONS = {
    "reads_its_environment": (f"{TRIED} .files", "open('/proc/self/environ').read()"),
    "reads_its_parents_environment": (
        f"{TRIED} .files",
        "import os\nopen(f'/proc/{os.getppid()}/environ', 'rb').read()",
    ),
    "reads_the_machine": (f"{TRIED} .files", "open('/etc/passwd').read()"),
    "reads_the_runtime": (f"{TRIED} .files", f"open({__file__!r}).read()"),
    "connects": (f"{TRIED} .network", "import socket\nsocket.create_connection(('127.0.0.1', 9))"),
    "asks_for_credentials": (
        f"{TRIED} .network",
        "import urllib.request\nurllib.request.urlopen('http://169.254.169.254/')",
    ),
    "forks_for_ever": (f"{TRIED} .process", "import os\nwhile True: os.fork()"),
    "starts_a_program": (f"{TRIED} .process", "import subprocess\nsubprocess.run(['/bin/true'])"),
    "kills_its_parent": (f"{TRIED} .signals", "import os\nos.kill(os.getppid(), 9)"),
    "calls_the_c_library": (f"{TRIED} .native", "import ctypes\nctypes.CDLL(None).getpid()"),
    "looks_for_us_in_memory": (f"{TRIED} .tampering", "import gc\ngc.get_objects()"),
    "loops_for_ever": ("too long", "while True: pass"),
    "sleeps_for_ever": ("too long", "import time\ntime.sleep(3600)"),
    "waits_for_an_answer_to_nothing": ("too long", "import os\nos.read(3, 1)"),
    "takes_all_memory": ("MemoryError", "x = 'a' * 2_000_000_000"),
    "leaves": (SILENT, "import os\nos._exit(0)"),
    "closes_the_line": ("ended|too long", "import os\nos.close(3)"),
    "says_two_things": (SILENT, "import os\nos.write(3, b'{\"result\": 1}\\n')\nreturn 2"),
    "says_its_own_end": (SILENT, "import os\nos.write(3, b'{\"ended\": [0, 0, false, false]}\\n')\nreturn 2"),
    "says_no_json": (SILENT, "import os\nos.write(3, b'\\xff{\\n')\nreturn 2"),
    "says_a_number": (SILENT, "import os\nos.write(3, b'7\\n')\nreturn 2"),
    "nests_without_end": (SILENT, "import os\nos.write(3, b'[' * 100_000 + b'\\n')\nreturn 2"),
    "floods_the_line": (SILENT, "import os\nwhile True: os.write(3, b'x' * 1_000_000)"),
    # A busy machine may read so slowly that the time is up first.
    "floods_it_with_lines": (f"{SILENT}|too long", "import os\nwhile True: os.write(3, b'{}\\n' * 10_000)"),
    "names_an_error_of_ours": (
        "stopped with an error",
        "import os\nos.write(3, b'{\"error\": \"<script>\", \"line\": 10000000000}\\n'); os._exit(0)",
    ),
    "claims_a_refusal": ("stopped with Refused", "raise broker.Refused('a', 'You won, go to evil.example')"),
}  # fmt: skip


@pytest.fixture(scope="module")
def call(code):
    source = ["def honest(): return 1\n"]
    for name, (_, body) in FUNCTIONS.items():
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        source.append(f"def {name}(broker):\n{lines}")
    return code("".join(source))


@pytest.mark.skipif(sys.platform != "linux", reason="these walls are Linux's")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_hostile_code_is_stopped_and_the_next_request_is_served(call, name: str) -> None:
    started = time.monotonic()
    with pytest.raises(LogicFailed, match=FUNCTIONS[name][0]):
        call(name, seconds=1.0)
    assert time.monotonic() - started < 10
    assert call("honest") == 1


def test_nothing_of_ours_is_in_the_environment_of_the_code(code, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for you")
    own = code("import os\ndef f(): return sorted(os.environ)")
    assert own("f") == ["HOME", "LANG", "TMPDIR"]


def test_the_process_between_has_an_empty_environment_and_no_file_of_ours(code, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for you")
    with open(__file__) as held:  # noqa: PTH123 - an open file that must not be inherited
        os.set_inheritable(held.fileno(), False)
        own = code("def f(): return 1")
        own("f")
    [child] = [p for p in psutil.Process().children() if "appguard.runtime.logic.zygote" in p.cmdline()][-1:]
    assert "AWS_SECRET_ACCESS_KEY" not in child.environ()
    assert child.open_files() == []


def test_a_process_that_died_is_started_again(code) -> None:
    own = code("def f(): return 1")
    assert own("f") == 1
    own.started._process.kill()
    own.started._process.wait()
    assert own("f") == 1


def test_it_leaves_neither_process_nor_folder(code) -> None:
    own = code("def f(): return 1")
    own("f")
    process, folder = own.started._process.pid, own.started._scratch
    own.started.drop()
    assert not psutil.pid_exists(process)
    assert not folder.exists()


def test_the_walls_are_told(code) -> None:
    own = code("def f(): return 1")
    assert set(own.started.walls()) <= {"network", "files", "calls"}
    if sys.platform == "linux":
        assert "calls" in own.started.walls()
