import pytest
from pydantic import ValidationError

from appguard.connectors.errors import ResultTooLarge, RowFilterBreached, SourceFailed
from appguard.connectors.model import Query
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.table import table_of

QUERY = Query.model_validate(
    {
        "title": "T",
        "columns": [{"name": "name", "label": "Name", "class": "personal"}],
        "user_in": ["email", "manager"],
    }
)
NAMES = ("name", "email", "manager")
ME = "me@example.com"


def seen(*rows, names=NAMES, limits=None):
    return table_of(QUERY, Result(names, list(rows)), Identity(ME, "desk"), b"key", limits or Limits())


def test_rows_naming_the_user_in_any_of_the_columns_pass():
    assert seen(("Me", "ME@example.com", None), ("Report", "r@example.com", ME)).rows == [["Me"], ["Report"]]


@pytest.mark.parametrize("row", [("X", "x@example.com", None), ("X", None, None), ("X", "", 7)], ids=str)
def test_one_row_of_somebody_else_withholds_all(row):
    with pytest.raises(RowFilterBreached):
        seen(("Me", ME, None), row)


@pytest.mark.parametrize(
    "names", [("name", "email"), (*NAMES, "salary"), ("salary", "email", "manager")], ids=str
)
def test_columns_other_than_declared_withhold_all(names):
    with pytest.raises(SourceFailed):
        seen(names=names)


def test_columns_are_found_by_name_whatever_their_order():
    assert seen((ME, None, "Me"), names=("email", "manager", "name")).rows == [["Me"]]


def test_more_rows_than_allowed_are_cut_off_and_said_to_be():
    table = seen(*[("Me", ME, None)] * 3, limits=Limits(rows=2))
    assert (len(table.rows), table.truncated) == (2, True)


def test_more_bytes_than_allowed_are_refused():
    with pytest.raises(ResultTooLarge, match="1024 bytes"):
        seen(*[("Me" * 500, ME, None)] * 2, limits=Limits(bytes=1024))


GROUPS = {
    "title": "T",
    "columns": [{"name": "team", "label": "Team", "class": "internal"}],
    "min_group": {"count": "people", "size": 5},
}


def groups(*rows, **changes):
    query = Query.model_validate(GROUPS | changes)
    return table_of(query, Result(("team", "people"), list(rows)), Identity(ME, "desk"), b"key", Limits())


def test_rows_of_too_small_a_group_are_left_out_with_their_count():
    assert groups(("Sales", 5), ("Board", 4)).rows == [["Sales"]]


@pytest.mark.parametrize("count", [None, "9", 9.0, True])
def test_a_count_that_is_no_number_withholds_all(count):
    with pytest.raises(SourceFailed, match="how many people"):
        groups(("Sales", 9), ("Board", count))


def test_a_count_among_the_columns_is_shown():
    counted = [
        *GROUPS["columns"],
        {"name": "people", "label": "People", "class": "internal", "type": "integer"},
    ]
    assert groups(("Sales", 5), ("Board", 4), columns=counted).rows == [["Sales", 5]]


@pytest.mark.parametrize("kind", ["text", "date", "integer", "number", "uuid"])
def test_a_group_that_whoever_asks_may_vary_freely_is_no_group(kind):
    """Everybody hired since Monday, everybody hired since Tuesday: the difference is one person."""
    with pytest.raises(ValidationError, match="since must be a choice or boolean"):
        Query.model_validate(GROUPS | {"parameters": {"since": {"type": kind, "label": "Since"}}})


def test_a_group_may_be_one_of_a_list():
    office = {"type": "choice", "label": "Office", "choices": ["Berlin", "Vienna"]}
    assert Query.model_validate(GROUPS | {"parameters": {"office": office}}).min_group


def test_rows_of_another_app_withhold_all():
    query = Query.model_validate(
        {"title": "T", "columns": [{"name": "a", "label": "A", "class": "internal"}], "app_in": ["app"]}
    )
    mine, others = ("x", "desk"), ("y", "lunch")
    result = Result(("a", "app"), [mine])
    assert table_of(query, result, Identity(ME, "desk"), b"key", Limits()).rows == [["x"]]
    with pytest.raises(RowFilterBreached):
        table_of(query, Result(("a", "app"), [mine, others]), Identity(ME, "desk"), b"key", Limits())
