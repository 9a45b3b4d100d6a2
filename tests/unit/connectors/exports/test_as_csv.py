import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.exports.as_csv import csv_of
from tests.unit.connectors.exports.made import MARK, table


def read(*rows):
    content = csv_of(table(*rows), MARK).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def test_quotes_and_line_breaks_stay_inside_their_cell():
    assert read(['a","=1+1'], ["two\nlines"]) == [["C"], ['a","=1+1'], ["two\nlines"]]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_cell_begins_a_formula_and_nothing_but_an_apostrophe_is_added(text):
    cell = read([text])[1][0]
    assert not cell.lstrip(" \ufeff\xa0\u200b").startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_a_reader_finds_the_heading_and_the_rows_and_nothing_else():
    assert read(["a"], ["b"]) == [["C"], ["a"], ["b"]]
