import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.bundle import Bundle
from appguard.gates import code, sources
from appguard.gates.model import GateContext

UNREADABLE = {
    "no Python": b"def f(:\n",
    "NUL bytes": b"x = 1\0\n",
    "UTF-16": "x = 1\n".encode("utf-16"),
    "a declared encoding": b"# coding: utf-7\nx = 1\n",
    "an encoding nobody knows": b"# coding: nonsense\nx = 1\n",
    "encodings that contradict": codecs.BOM_UTF8 + b"# coding: latin-1\nx = 1\n",
    "bytes that are no text": b"x = '\xff\xfe'\n",
    "half a surrogate": b"x = '\xed\xa0\x80'\n",
    "brackets without end": b"(" * 10_000,
    "nested brackets": b"[" * 150 + b"]" * 150 + b"(" * 300,
    "a chain of attributes": b"a" + b".b" * 60_000,
    "a sum without end": b"1" + b"+1" * 90_000,
    "signs without end": b"-" * 100_000 + b"1",
    "lambdas in lambdas": b"lambda: " * 20_000 + b"1",
    "a number too long to read": b"x = " + b"9" * 100_000,
    "a huge file": b"x = 1\n" * 40_000,
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_what_cannot_be_read_as_python_blocks(how: str, context: GateContext) -> None:
    bundle = Bundle({"app.yaml": b"x", "logic.py": UNREADABLE[how]})
    readable, (file,) = sources.read(bundle)
    assert readable == ()
    assert file.path == "logic.py"
    (finding,) = code.check(bundle, context)
    assert (finding.rule, finding.severity, finding.path) == ("code-unreadable", "block", "logic.py")
    assert file.why in finding.message


def test_a_bundle_is_parsed_once_for_all_gates() -> None:
    bundle = Bundle({"app.yaml": b"x", "logic.py": b"x = 1\n"})
    assert sources.read(bundle) is sources.read(bundle)
    assert sources.read(Bundle(bundle.files)) is not sources.read(bundle)


@pytest.mark.parametrize("path", ["a.py", "A.PY", "a.pyw", "stubs/a.pyi"])
def test_python_is_known_by_its_name_in_any_case(path: str) -> None:
    readable, _ = sources.read(Bundle({"app.yaml": b"x", path: b"x = 1\n"}))
    assert [source.path for source in readable] == [path]


def test_lines_end_where_python_ends_them() -> None:
    ((source,), _) = sources.read(Bundle({"app.yaml": b"x", "a.py": b"a = 1  # note\rb = 2\r\nc = 3\n"}))
    assert source.text == "a = 1  # note\nb = 2\nc = 3\n"


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_either_read_or_a_finding(content: bytes) -> None:
    readable, unreadable = sources.read(Bundle({"app.yaml": b"x", "a.py": content}))
    assert len(readable) + len(unreadable) == 1
