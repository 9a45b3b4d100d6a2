import pytest

from appguard.connectors.errors import ResultTooLarge, RowFilterBreached, SourceFailed
from appguard.connectors.model import Limits, Query
from appguard.connectors.table import Result, table_of

QUERY = Query.model_validate(
    {
        "title": "T",
        "sql": "SELECT name, email, manager FROM t",
        "columns": [{"name": "name", "label": "Name", "class": "personal"}],
        "user_in": ["email", "manager"],
    }
)
NAMES = ("name", "email", "manager")
ME = "me@example.com"


def seen(*rows, names=NAMES, limits=None):
    return table_of(QUERY, Result(names, list(rows)), ME, b"key", limits or Limits())


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
