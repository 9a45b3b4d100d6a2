import contextlib
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.yaml_source import MAX_BYTES, ManifestError, load


def refusal(text: str | bytes) -> ManifestError:
    with pytest.raises(ManifestError) as raised:
        load(text.encode() if isinstance(text, str) else text)
    return raised.value


def test_values_keep_the_line_and_column_where_they_stand():
    document = load(b"a:\n  - x\n  - b: 1\n")
    assert document.value == {"a": ["x", {"b": 1}]}
    assert document.mark(("a", 1, "b")) == (3, 5)
    assert document.mark(("a", 1, "missing")) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("true", True),
        ("2026-01-01", "2026-01-01"),
        ("012", "012"),
        ("1.5", 1.5),
        ("'1'", "1"),
        ("~", None),
    ],
)
def test_scalars_follow_the_core_schema_without_surprises(text, value):
    assert load(f"k: {text}".encode()).value == {"k": value}


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "stands here twice", 3),
        ("a: &x 1\nb: 2\n", "anchors and aliases", 1),
        ("a: 1\nb: *x\n", "anchors and aliases", 2),
        ("a: !!python/object:os.system x\n", "tags", 1),
        ("a: 1\n---\nb: 2\n", "second document", 2),
        ("a: [1, 2\nb: 3", "not YAML", 2),
        ("? [a]\n: 1\n", "key must be text", 1),
        ("", "empty", 1),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text, words, line):
    error = refusal(text)
    assert words in error.problems[0].message
    assert error.problems[0].line == line


@pytest.mark.parametrize(
    "hostile",
    [
        b"x" * (MAX_BYTES + 1),
        b"a: &a [x]\n" + b"b: [" + b"*a," * 200_000 + b"]\n",
        b"[" * 200 + b"]" * 200,
        b"".join(b"k%d: v\n" % i for i in range(100_000)),
        b"- f\n" * 20_001,
        b"a: " + b"9" * 1_000_000,
        b"\xff\xfe\x00binary\x00",
    ],
    ids=["large", "aliases", "deep", "keys", "items", "digits", "binary"],
)
def test_a_hostile_file_is_answered_within_a_second_and_bounded_memory(hostile):
    started = time.process_time()
    _answered(hostile)
    assert time.process_time() - started < 1

    tracemalloc.start()
    _answered(hostile)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def _answered(hostile):
    with contextlib.suppress(ManifestError):
        load(hostile)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_but_never_crash(data):
    with contextlib.suppress(ManifestError):
        load(data)
