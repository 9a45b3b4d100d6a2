from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.file_diff import MAX_LINES, MAX_SHOWN, Fate, Line, file_diffs


def test_only_what_differs_is_told_by_path() -> None:
    before = {"app.yaml": b"a\nb\nc\n", "logic.py": b"x\n", "same": b"s"}
    after = {"app.yaml": b"a\nB\nc\n", "new.txt": b"n\n", "same": b"s"}
    found = file_diffs(before, after)
    assert [(one.path, one.fate) for one in found] == [
        ("app.yaml", Fate.CHANGED),
        ("logic.py", Fate.REMOVED),
        ("new.txt", Fate.ADDED),
    ]
    assert {Line("-", "b"), Line("+", "B")} <= set(found[0].lines)


def test_lines_that_look_like_headers_are_lines() -> None:
    (found,) = file_diffs({"a": b"-- x\n"}, {"a": b"++ y\n@@ z\n"})
    assert [line for line in found.lines if line.sign in "+-"] == [
        Line("-", "-- x"),
        Line("+", "++ y"),
        Line("+", "@@ z"),
    ]


def test_what_is_no_text_or_very_long_is_named_and_not_compared() -> None:
    found = file_diffs({"a": b"\xff", "b": b""}, {"a": b"x", "b": b"\n" * MAX_LINES})
    assert [(one.path, one.lines) for one in found] == [("a", ()), ("b", ())]


def test_a_long_difference_is_cut_and_the_rest_counted() -> None:
    text = "\n".join(map(str, range(MAX_SHOWN + 50))).encode()
    (found,) = file_diffs({}, {"a": text})
    assert len(found.lines) == MAX_SHOWN
    assert found.rest > 0


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_every_added_and_removed_line_is_counted(one: list[str], other: list[str]) -> None:
    found = file_diffs({"a": "\n".join(one).encode()}, {"a": "\n".join(other).encode()})
    signs = [line.sign for each in found for line in each.lines]
    old, new = "\n".join(one).split("\n"), "\n".join(other).split("\n")
    assert signs.count("+") - signs.count("-") == (len(new) - len(old) if found else 0)
