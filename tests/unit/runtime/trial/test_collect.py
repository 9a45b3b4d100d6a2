import pytest

from appguard.runtime.trial.collect import LARGEST, Case, Unreadable, collect, is_test

SOURCE = b"""
import unittest

def test_a(): ...
async def test_b(): ...
def helper(): ...

class TestThings:
    def test_c(self): ...
    def helper(self): ...

class Other(unittest.TestCase):
    def test_d(self): ...

class NoTests:
    def test_e(self): ...
"""


def test_functions_and_methods_are_found_by_their_names() -> None:
    found = list(collect({"tests/test_x.py": SOURCE, "logic.py": b"def test_no(): ..."}))
    assert [(case.name, case.line) for case in found] == [
        ("test_a", 4),
        ("test_b", 5),
        ("TestThings.test_c", 9),
        ("Other.test_d", 13),
    ]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("tests/test_x.py", True),
        ("tests/inner/test_x.py", True),
        ("tests/x.py", False),
        ("tests/test_x.txt", False),
        ("test_x.py", False),
    ],
)
def test_tests_stand_in_their_folder(path: str, is_one: bool) -> None:
    assert is_test(path) is is_one


@pytest.mark.parametrize(
    "content", [b"def test(:", b"\x00", b"\xff\xfe", b"(" * 5000, b"#" * (LARGEST + 1)], ids=range(5)
)
def test_what_is_no_python_is_named_and_stops_nothing(content: bytes) -> None:
    bad, good = collect({"tests/test_a.py": content, "tests/test_b.py": b"def test_b(): ..."})
    assert isinstance(bad, Unreadable)
    assert isinstance(good, Case)
