import pytest

from appguard.connectors.exports.cells import safe_cell


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
