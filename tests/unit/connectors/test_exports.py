import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.exports import csv_of, safe_cell
from appguard.connectors.model import Column
from appguard.connectors.table import Table


def table(*rows, truncated=False):
    column = Column.model_validate({"name": "c", "label": "C", "class": "public"})
    return Table((column,), [list(row) for row in rows], truncated)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\ufeff=1",
        "\xa0=1",
        "\uff1d1+1",
        "\uff0b1",
        "|calc",
    ],
    ids=repr,
)
def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    ("cell", "shown"), [("Kitchen", "Kitchen"), (-1.5, "-1.5"), (None, ""), ("", ""), ("a=b", "a=b")]
)
def test_harmless_cells_stay_as_they_are(cell, shown):
    assert safe_cell(cell) == shown


def test_quotes_and_line_breaks_stay_inside_their_cell():
    content = csv_of("x", table(['a","=1+1'], ["two\nlines"])).content
    read = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert read == [["C"], ['a","=1+1'], ["two\nlines"]]


@given(st.text())
def test_no_cell_begins_a_formula_after_reading_the_file_back(text):
    content = csv_of("x", table([text])).content.removeprefix("\ufeff")
    cell = list(csv.reader(io.StringIO(content, newline="")))[1][0]
    assert not cell.lstrip(" \ufeff\xa0\u200b").startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def test_a_cut_off_answer_is_no_file():
    with pytest.raises(ResultTooLarge):
        csv_of("x", table(["a"], truncated=True))


def test_the_digest_is_that_of_the_bytes_sent():
    one, two = csv_of("x", table(["a"])), csv_of("x", table(["b"]))
    assert one.digest.startswith("sha256:")
    assert one.digest != two.digest
