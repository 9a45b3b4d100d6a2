import signal

import pytest

from appguard.runtime.trial import hook, supervisor
from appguard.runtime.trial.collect import Case
from appguard.runtime.trial.supervisor import judged
from appguard.runtime.trial.watching import Ending

CASE = Case("tests/test_a.py", 3, "test_a")
WALLS = b'{"walls": ["files", "calls"]}\n'
PASSED = b'{"outcome": "passed"}\n'


def ending(
    said: bytes, code: int = 0, by_signal: int = 0, *, late: bool = False, much: bool = False
) -> Ending:
    return Ending(said, by_signal or code << 8, late, much)


def outcome(end: Ending) -> tuple[str, str]:
    found, _ = judged(CASE, end)
    return found["outcome"], found["detail"]


def test_a_test_that_says_so_and_leaves_in_peace_has_passed() -> None:
    assert outcome(ending(WALLS + PASSED)) == ("passed", "")
    assert judged(CASE, ending(WALLS + PASSED))[1] == {"files", "calls"}


@pytest.mark.parametrize(
    "end",
    [
        ending(b""),
        ending(WALLS),
        ending(PASSED),
        ending(WALLS + PASSED + PASSED),
        ending(WALLS + PASSED, code=1),
        ending(WALLS + PASSED, by_signal=signal.SIGSEGV),
        ending(WALLS + PASSED, much=True),
        ending(WALLS + b'{"outcome": "splendid"}\n'),
        ending(WALLS + b'{"outcome": "failed"}\n'),
        ending(WALLS + b'{"outcome": "failed", "error": 3, "line": "x"}\n'),
        ending(WALLS + b"[" * 4000),
        ending(b"\xff\x00\n" + PASSED, code=2),
    ],
    ids=range(12),
)
def test_anything_else_is_no_pass(end: Ending) -> None:
    assert outcome(end) == ("died", "")


@pytest.mark.parametrize(
    ("end", "detail"),
    [
        (ending(WALLS + b'{"escape": "network"}\n', code=hook.STOPPED), "network"),
        (ending(WALLS + PASSED + b'{"escape": "files"}\n'), "files"),
        (ending(WALLS + PASSED, code=hook.STOPPED), "tampering"),
        (ending(WALLS + PASSED, by_signal=signal.SIGSYS), "calls"),
    ],
    ids=range(4),
)
def test_an_attempt_outweighs_whatever_else_was_said(end: Ending, detail: str) -> None:
    assert outcome(end) == ("escaped", detail)


@pytest.mark.parametrize("end", [ending(WALLS + PASSED, late=True), ending(WALLS, by_signal=signal.SIGXCPU)])
def test_time_is_up_even_if_it_claims_to_have_passed(end: Ending) -> None:
    assert outcome(end) == ("too-long", "")


def test_of_a_failure_only_the_kind_and_the_line_are_believed() -> None:
    found, _ = judged(CASE, ending(WALLS + b'{"outcome": "failed", "error": "KeyError", "line": 7}\n'))
    assert (found["outcome"], found["detail"], found["line"]) == ("failed", "KeyError", 7)
    found, _ = judged(CASE, ending(WALLS + b'{"outcome": "failed", "error": "4111 1111 <b>", "line": 7}\n'))
    assert found["detail"] == "an error"


def test_an_attempt_of_an_unknown_kind_is_not_repeated() -> None:
    assert outcome(ending(WALLS + b'{"escape": "<script>"}\n')) == ("died", "")


@pytest.mark.parametrize("limit", ["SECONDS_ALL", "MOST"])
def test_tests_beyond_the_limits_of_all_are_named_as_not_run(monkeypatch, tmp_path, limit: str) -> None:
    monkeypatch.setattr(supervisor, limit, 0)
    outcomes, _ = supervisor.tested(
        {"tests/test_a.py": b"def test_a(): ...\ndef test_b(): ...\n"}, tmp_path, None
    )
    assert [(outcome["name"], outcome["outcome"]) for outcome in outcomes] == [
        ("test_a", "not-run"),
        ("test_b", "not-run"),
    ]


def test_a_file_that_is_no_python_is_an_outcome_of_its_own(tmp_path) -> None:
    [found], _ = supervisor.tested({"tests/test_a.py": b"def ("}, tmp_path, None)
    assert (found["outcome"], found["detail"]) == ("unreadable", "it is not Python")


def test_a_line_no_file_has_is_not_believed() -> None:
    found, _ = judged(CASE, ending(WALLS + b'{"outcome": "failed", "error": "KeyError", "line": 99999999}\n'))
    assert found["line"] == CASE.line
