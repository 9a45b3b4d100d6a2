import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.yaml_rewrite import Rewrite
from appguard.apps.yaml_source import Path, load
from appguard.kernel.fix import apply

TEXT = """\
# kept
a: "old"   # why
flow: [x, 'y',
       z]  # items
block:
  - one   # first
  # between
  - two
map: {k: v}
deep:
  - name: n
    items: [p]
  - {name: m}
"""


def after(rewrite: Rewrite) -> str:
    edits = rewrite.edits()
    assert edits
    return apply(rewrite.text, edits)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("a",), "new", "a: new   # why"),
        (("a",), "true", 'a: "true"   # why'),
        (("a",), "12", 'a: "12"   # why'),
        (("a",), 12, "a: 12   # why"),
        (("a",), "3y", "a: 3y   # why"),
        (("a",), "no: #x", 'a: "no: #x"   # why'),
        (("block", 0), "eins", "  - eins   # first"),
        (("map", "k"), "w", "map: {k: w}"),
        (("flow", 1), "n", "flow: [x, n,"),
        (("deep", 1, "name"), "o", "  - {name: o}"),
    ],
)
def test_a_value_is_replaced_where_it_stands(path: Path, value: str | int, line: str) -> None:
    text = after(Rewrite(TEXT).set(path, value))
    assert line in text.split("\n")
    assert len(set(text.split("\n")) ^ set(TEXT.split("\n"))) == 2


@pytest.mark.parametrize(
    ("path", "gone", "come"),
    [
        (("flow", 0), ["flow: [x, 'y',"], ["flow: ['y',"]),
        (("block", 0), ["  - one   # first"], []),
        (("block", 1), ["  - two"], []),
        (("deep", 0, "items", 0), ["    items: [p]"], ["    items: []"]),
    ],
)
def test_an_item_is_removed_and_comments_of_others_stay(path: Path, gone: list[str], come: list[str]) -> None:
    text = after(Rewrite(TEXT).remove(path))
    assert set(TEXT.split("\n")) - set(text.split("\n")) == set(gone)
    assert set(text.split("\n")) - set(TEXT.split("\n")) == set(come)


@pytest.mark.parametrize(
    ("path", "come"),
    [
        (("flow",), "       z, new]  # items"),
        (("block",), "  - new"),
        (("deep", 0, "items"), "    items: [p, new]"),
        (("deep", 0, "more"), "    more: [new]"),
        (("deep", 1, "more"), "  - {name: m, more: [new]}"),
        (("map", "more"), "map: {k: v, more: [new]}"),
    ],
)
def test_an_item_is_added_as_its_neighbours_are_written(path: Path, come: str) -> None:
    assert come in after(Rewrite(TEXT).append(path, "new")).split("\n")


def test_the_last_item_of_a_list_of_lines_takes_its_key_along() -> None:
    assert after(Rewrite("a: 1\nb:\n  - x # y\nc: 2\n").remove(("b", 0))) == "a: 1\nc: 2\n"


def test_windows_line_ends_and_a_missing_last_one_stay() -> None:
    assert after(Rewrite("a: 1\r\nb:\r\n  - x\r\nc: 2").append(("b",), "y")).count("\r\n") == 3
    assert after(Rewrite("b:\n  - x").append(("b",), "y")) == "b:\n  - x\n  - y"


@pytest.mark.parametrize(
    "rewrite",
    [
        Rewrite("a: [x, # why\n  y]").remove(("a", 0)),
        Rewrite("- a:\n  - x\n  b: 1").remove((0, "a", 0)),
        Rewrite("a: {b: 1}").set(("a",), "x"),
        Rewrite("a: 1").set(("b",), "x"),
        Rewrite("a: 1").remove(("a",)),
        Rewrite("a: 1").append(("a",), "x"),
        Rewrite("a: 1\rb: 2").set(("b",), 3),
        Rewrite("a: |\n  text\nb: 1").set(("a",), "x"),
        Rewrite("a: 1"),
    ],
)
def test_what_cannot_be_done_without_touching_more_is_not_done(rewrite: Rewrite) -> None:
    assert rewrite.edits() == ()


@given(
    st.lists(st.text("ab#:'\"-é ", min_size=1, max_size=6), min_size=1, max_size=5), st.booleans(), st.data()
)
def test_whatever_is_written_only_what_was_asked_for_changes(
    words: list[str], flow: bool, data: st.DataObject
) -> None:
    quoted = ["'" + word.replace("'", "''") + "'" for word in words]
    listed = f" [{', '.join(quoted)}]" if flow else "".join(f"\n- {word}  # c" for word in quoted)
    text, index = f"before: 1 # x\nl:{listed}\nafter: 2\n", data.draw(st.integers(0, len(words) - 1))
    changed = load(after(Rewrite(text).set(("l", index), "new")).encode()).value
    assert changed == {"before": 1, "l": [*words[:index], "new", *words[index + 1 :]], "after": 2}
    more = load(after(Rewrite(text).append(("l",), "new")).encode()).value
    assert more["l"] == [*words, "new"]
    fewer = load(after(Rewrite(text).remove(("l", index))).encode()).value
    assert fewer.get("l", []) == [*words[:index], *words[index + 1 :]]
