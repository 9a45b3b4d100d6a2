import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.kernel.fix import Edit, Fix, apply, compatible

TEXT = "one\ntwo\nthree\n"


def edit(line: int, column: int, end_line: int, end_column: int, text: str = "") -> Edit:
    return Edit(line=line, column=column, end_line=end_line, end_column=end_column, text=text)


def fix(*edits: Edit) -> Fix:
    return Fix(description="Change it.", path="app.yaml", edits=edits)


def test_edits_are_made_wherever_they_stand_in_the_list() -> None:
    assert apply(TEXT, [edit(3, 1, 3, 6, "3"), edit(1, 1, 2, 1), edit(2, 4, 2, 4, "!")]) == "two!\n3\n"


@pytest.mark.parametrize(
    "wrong", [edit(9, 1, 9, 1), edit(1, 1, 9, 1), edit(2, 3, 2, 1), edit(3, 1, 3, 99), edit(4, 2, 4, 2)]
)
def test_an_edit_beyond_the_text_or_backwards_is_refused(wrong: Edit) -> None:
    with pytest.raises(ValueError, match="edit"):
        apply(TEXT, [wrong])


def test_edits_that_meet_are_refused_and_fixes_that_meet_are_left_for_later() -> None:
    one, other = edit(1, 1, 1, 4, "x"), edit(1, 4, 1, 4, "y")
    with pytest.raises(ValueError, match="meet"):
        apply(TEXT, [one, other])
    assert compatible(TEXT, [fix(one), fix(other), fix(edit(2, 1, 2, 2))]) == [
        fix(one),
        fix(edit(2, 1, 2, 2)),
    ]


def test_a_fix_is_known_by_what_it_does() -> None:
    assert fix(edit(1, 1, 1, 1, "x")).name == fix(edit(1, 1, 1, 1, "x")).name
    assert fix(edit(1, 1, 1, 1, "x")).name != fix(edit(1, 1, 1, 1, "y")).name


@given(st.text("ab\n", max_size=20), st.text("xyz", max_size=3), st.data())
def test_what_an_edit_does_not_name_stays(text: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    def place(offset: int) -> tuple[int, int]:
        before = text[:offset]
        return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1

    assert apply(text, [edit(*place(start), *place(end), new)]) == text[:start] + new + text[end:]
