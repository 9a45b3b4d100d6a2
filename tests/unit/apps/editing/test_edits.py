"""An edit changes what it says and nothing else, or is refused."""

from difflib import SequenceMatcher
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appguard.apps.editing.edits import drop, insert, move, put
from appguard.apps.editing.nodes import CannotEdit
from appguard.apps.yaml_source import Path, load

EXAMPLE = File("examples/leave-request/app.yaml").read_text()
FIRST_PAGE: Path = ("pages", 0)
FIELDS: Path = (*FIRST_PAGE, "fields")
COMMENTED = """\
# The app
pages:  # all of them
  # First: asked most
  - id: ask   # keep
    fields:
      # who
      - {name: who, label: 'Who, please'}  # flow

      # when
      - name: when
        label: "When"
        help: |
          # not a comment
          Two lines.

      - name: why

  # Second
  - id: list
    columns: [a, "b", c]  # in this order
after: yes
"""


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    went, came = [], []
    one, two = before.split("\n"), after.split("\n")
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag != "equal":
            went += one[a:b]
            came += two[c:d]
    return went, came


def value(text: str) -> Any:
    return load(text.encode()).value


@pytest.mark.parametrize(
    ("path", "new", "came"),
    [
        (("pages", 0, "id"), "request", ["  - id: request   # keep"]),
        (
            ("pages", 0, "fields", 0, "label"),
            "Who: you?",
            ["      - {name: who, label: 'Who: you?'}  # flow"],
        ),
        (("pages", 0, "fields", 1, "label"), "Wann", ["        label: Wann"]),
        (("pages", 0, "fields", 2, "label"), "Why", ["        label: Why"]),
        (
            ("pages", 0, "fields", 0, "help"),
            "x",
            ["      - {name: who, label: 'Who, please', help: x}  # flow"],
        ),
        (("pages", 1, "columns"), ["a", "x y"], ["    columns: [a, x y]  # in this order"]),
        (("after",), "no", ["after: 'no'"]),
        (("pages", 0, "fields", 2, "help"), "a\nb", ["        help: |-", "          a", "          b"]),
    ],
)
def test_a_value_is_written_where_it_belongs(path: Path, new: Any, came: list[str]) -> None:
    assert changed(COMMENTED, put(COMMENTED, path, new))[1] == came


def test_a_text_of_several_lines_is_replaced_with_its_key() -> None:
    went, came = changed(COMMENTED, put(COMMENTED, ("pages", 0, "fields", 1, "help"), "Short"))
    assert went == ["        help: |", "          # not a comment", "          Two lines."]
    assert came == ["        help: Short"]


def test_comments_right_above_an_item_go_where_it_goes() -> None:
    moved = move(COMMENTED, ("pages", 0, "fields", 1), 0).split("\n")
    assert moved.index("      # when") < moved.index("      # who")
    assert sorted(moved) == sorted(COMMENTED.split("\n"))
    went, _ = changed(COMMENTED, drop(COMMENTED, ("pages", 1)))
    assert went == ["", "  # Second", "  - id: list", '    columns: [a, "b", c]  # in this order']


def test_items_between_commas_are_moved_and_dropped_there() -> None:
    columns: Path = ("pages", 1, "columns")
    assert '[a, c, "b"]  # in' in move(COMMENTED, (*columns, 1), 2)
    assert "[a, c]  # in" in drop(COMMENTED, (*columns, 1))
    assert '[a, "b"]  # in' in drop(COMMENTED, (*columns, 2))
    assert '[d, a, "b", c]  # in' in insert(COMMENTED, columns, 0, "d")
    assert '[a, "b", c, d]  # in' in insert(COMMENTED, columns, 9, "d")


def test_the_last_item_leaves_an_empty_list() -> None:
    assert drop("a:\n  - x\nb: 1\n", ("a", 0)) == "a: []\nb: 1\n"
    assert insert("a: []\nb: 1\n", ("a",), 0, {"x": 1}) == "a:\n  - x: 1\nb: 1\n"
    assert insert("b: 1\n", ("a",), 0, "x") == "b: 1\na: [x]\n"


def test_the_first_entry_of_an_item_leaves_its_dash_behind() -> None:
    assert "  - fields:" in drop(COMMENTED, ("pages", 0, "id"))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: !!python/object:os.system x\n",
        "a: 1\na: 2\n",
        "a: [1\n",
        "a: 1\n--- \nb: 2\n",
        "a: 1\rb: 2\n",
        "a: " + "[" * 40 + "]" * 40,
        "- " * 21_000,
    ],
    ids=["anchors", "tags", "twice", "unclosed", "two documents", "line ends", "deep", "many"],
)
def test_what_is_not_plain_data_is_left_to_the_text(text: str) -> None:
    for edit in (put, insert):
        with pytest.raises(CannotEdit, match="The form cannot change this"):
            edit(text, ("a",), *((0,) if edit is insert else ()), "x")


@pytest.mark.parametrize(
    "edit",
    [
        lambda: drop(EXAMPLE, ("no", "such")),
        lambda: drop("- - a\n  - b\n", (0, 0)),
        lambda: move(EXAMPLE, ("pages", 0), 5),
        lambda: move(EXAMPLE, ("pages", 0), -1),
        lambda: move("a: [x, [1,\n 2]]\n", ("a", 0), 1),
        lambda: drop("a: [x, # why\n  y]", ("a", 0)),
        lambda: put("a: 1\n", ("a", "b"), 1),
        lambda: put("[1]", ("a",), 1),
    ],
)
def test_what_cannot_be_done_without_touching_more_is_refused(edit: Any) -> None:
    with pytest.raises((CannotEdit, KeyError, TypeError)) as refused:
        edit()
    assert refused.type is CannotEdit


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(words=WORDS)
def test_whatever_is_written_reads_back_and_no_other_line_changes(words: str) -> None:
    path: Path = (*FIELDS, 1, "label")
    try:
        text = put(EXAMPLE, path, words)
    except CannotEdit:  # characters YAML has no way to write
        assert not words.isprintable()
        return
    want = value(EXAMPLE)
    want["pages"][0]["fields"][1]["label"] = words
    assert value(text) == want
    went, came = changed(EXAMPLE, text)
    assert went == ([] if came == [] else ["        label: First day"])


LISTS = st.sampled_from(
    [("pages",), FIELDS, ("pages", 1, "columns"), ("connectors", 0, "queries"), ("tests",)]
)


@QUICK
@given(path=LISTS, data=st.data())
def test_an_item_dropped_and_another_inserted_leave_the_others_as_they_were(
    path: Path, data: st.DataObject
) -> None:
    items = value(EXAMPLE)
    for step in path:
        items = items[step]
    index = data.draw(st.integers(0, len(items) - 1))
    without = drop(EXAMPLE, (*path, index))
    assert changed(EXAMPLE, without)[1] in (
        [],
        [line for line in without.split("\n") if "queries:" in line][:1],
    )
    new = data.draw(
        st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), WORDS.map(str.strip), min_size=1)
    )
    try:
        text = insert(without, path, index, new)
    except CannotEdit:
        assert not all(word.isprintable() for word in new.values())
        return
    assert value(insert(EXAMPLE, path, index, new)) != value(EXAMPLE)
    items[index] = new
    again = value(text)
    for step in path:
        again = again[step]
    assert again == items


@QUICK
@given(path=LISTS, data=st.data())
def test_moving_there_and_back_gives_the_very_text(path: Path, data: st.DataObject) -> None:
    items = value(EXAMPLE)
    for step in path:
        items = items[step]
    index = data.draw(st.integers(0, len(items) - 2)) if len(items) > 1 else 0
    if len(items) > 1:
        moved = move(EXAMPLE, (*path, index), index + 1)
        assert sorted(moved) == sorted(EXAMPLE)
        assert move(moved, (*path, index + 1), index) == EXAMPLE
