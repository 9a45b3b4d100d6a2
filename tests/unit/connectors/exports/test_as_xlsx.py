import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.exports.as_xlsx import xlsx_of
from tests.unit.connectors.exports.made import ENTRY, MARK, column, table

printable = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40
)
cells = printable | st.sampled_from(["=1+1", "http://example.com", "-2", "@x", "_x0041_", "'=1"])


def book(*rows, **given):
    return openpyxl.load_workbook(io.BytesIO(xlsx_of(table(*rows, **given), MARK)))


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, min_size=1, max_size=20))
def test_every_text_comes_back_as_it_was_and_as_a_text(texts):
    sheet = book(*([text] for text in texts))["Data"]
    for row, text in enumerate(texts, start=2):
        cell = sheet.cell(row, 1)
        assert (cell.value or "") == text
        assert cell.data_type != "f"
        assert cell.hyperlink is None


def test_there_is_no_formula_and_no_link_anywhere_in_the_file():
    content = xlsx_of(table(["=cmd|' /C calc'!A0"], ["https://example.com"]), MARK)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "/worksheets/" in name]
    assert sheets
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


def test_a_text_that_would_run_when_edited_is_marked_as_quoted():
    cell = book(["=1+1"])["Data"]["A2"]
    assert cell.quotePrefix


def test_numbers_dates_and_truth_values_are_what_they_are():
    columns = [column("n", "number"), column("d", "date"), column("b", "boolean"), column("t")]
    sheet = book([-1.5, "2026-11-24", True, None], columns=columns)["Data"]
    assert [cell.value for cell in sheet[2]] == [-1.5, datetime(2026, 11, 24), True, None]  # noqa: DTZ001
    assert sheet["B2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("value", [10**15, -(10**18), "1899-12-31", "not a day"])
def test_what_a_workbook_would_change_is_written_as_text(value):
    assert book([value], columns=[column("d", "date")])["Data"]["A2"].value == str(value)


def test_a_text_too_long_for_a_cell_is_refused_not_shortened():
    with pytest.raises(ResultTooLarge, match="longer than a cell"):
        book(["x" * 40_000])


def test_the_mark_is_on_a_sheet_of_its_own_in_the_footer_and_in_the_properties():
    made = book(["a"])
    about = {row[0].value: row[1].value for row in made["About this file"].iter_rows(min_row=2)}
    assert about["Exported by"] == "ana@example.com"
    assert about["Exported at"] == "2026-11-24T20:15:00+00:00"
    assert about["Through the app"] == "leave-request"
    assert about["Purpose"] == "Planning & =1+1"
    assert about["Entry in the ledger"] == ENTRY
    assert made["Data"].oddFooter.right.text == ENTRY
    assert "ana@example.com" in made["Data"].oddFooter.left.text
    assert made.properties.creator == "ana@example.com"
    assert made.properties.created.date() == date(2026, 11, 24)
