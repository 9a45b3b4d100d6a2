import csv
import io
import json
from xml.etree import ElementTree

import openpyxl
import pytest
from trestle.oscal.assessment_results import AssessmentResults

from appguard.kernel.event import Resource, Result
from appguard.reports.as_oscal import oscal_of
from appguard.reports.as_pdf import pdf_of
from appguard.reports.catalogue import FrameworkName
from appguard.reports.charts import svg
from appguard.reports.document import SHOWN
from appguard.reports.history import read
from appguard.reports.render import render
from appguard.reports.words.write import write
from tests.support.reported import END, told

HOSTILE = '<script>alert(1)</script>"#panic()'


@pytest.fixture
def files(figured, reported, release, fact):
    refused = fact("data.exported", HOSTILE, result=Result.DENIED, code='=HYPERLINK("https://example.com")')
    events = (*release(approver="ana"), refused, fact("data.read", "mia", classes=["personal"], rows=3))
    return render(reported(figured(*events)), read(events, END).accesses)


def test_every_form_is_there(files):
    assert {
        "report.pdf",
        "report.html",
        "report.json",
        "assessment-results.oscal.json",
        "annexes.xlsx",
    } <= set(files)
    assert files["report.pdf"].startswith(b"%PDF-1.7")


def test_what_failed_stands_before_everything_else(files):
    page = files["report.html"].decode()
    assert page.index("What failed") < page.index("CC8.1") < page.index("Controls by result")
    assert "3 of 19 controls failed" in page


def test_what_people_wrote_is_text_and_the_page_runs_no_script(files):
    page = files["report.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_no_cell_is_a_formula(files):
    rows = list(csv.reader(io.StringIO(files["annexes/refused.csv"].decode("utf-8-sig"))))
    assert rows[1][5].startswith("'=HYPERLINK")
    book = openpyxl.load_workbook(io.BytesIO(files["annexes.xlsx"]))
    cell = book["refused"]["F2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)


def test_each_access_is_in_its_annex(files):
    [heads, line] = csv.reader(io.StringIO(files["annexes/accesses.csv"].decode("utf-8-sig")))
    assert dict(zip(heads, line, strict=True)) | {"When": "", "Entry": ""} == {
        "When": "",
        "Who": "mia",
        "App": "leave-request",
        "Access": "data.read",
        "Query or command": "hr-db/team_calendar",
        "Classes": "personal",
        "Rows": "3",
        "Exception": "",
        "Entry": "",
    }


@pytest.mark.parametrize("name", FrameworkName)
def test_trestle_reads_the_oscal_document(figured, reported, release, tmp_path, name):
    made = reported(figured(*release(approver="ana")), name)
    file = tmp_path / "assessment-results.json"
    file.write_bytes(oscal_of(made))
    [result] = AssessmentResults.oscal_read(file).results
    states = {one.target.target_id: one.target.status.state for one in result.findings}
    assert len(states) == len(made.controls)
    observed = {one.uuid for one in result.observations}
    assert {ref.observation_uuid for one in result.findings for ref in one.related_observations} == observed


def test_not_evidenced_is_not_satisfied(figured, reported):
    document = json.loads(oscal_of(reported(figured())))["assessment-results"]
    for finding in document["results"][0]["findings"]:
        if finding["target"]["status"]["remarks"] == "not evidenced":
            assert finding["target"]["status"]["state"] == "not-satisfied"


def test_the_same_report_gives_the_same_bytes(figured, reported, release):
    life = release()
    first, second = (write(reported(figured(*life))) for _ in range(2))
    assert pdf_of(first) == pdf_of(second)


def test_a_page_shows_what_is_bad_first_and_names_the_annex_for_the_rest(figured, reported):
    found = figured(*told(150, 0))
    document = write(reported(found))
    table = next(one for one in document.tables() if one.name == "releases")
    assert len(table.rows) == 150
    assert len(table.shown) == SHOWN
    assert table.shown[0].tone == "bad"
    assert "all in annexes/releases.csv" in render(reported(found), [])["report.html"].decode()


def test_a_chart_says_in_words_what_it_shows(figured, reported):
    document = write(reported(figured(*told(5, 50))))
    for section in document.sections:
        for chart in section.charts:
            root = ElementTree.fromstring(svg(chart))
            assert [root[0].text, root[1].text] == [chart.title, chart.description]
            assert root.get("role") == "img"


def test_a_policy_change_is_listed(figured, reported, fact):
    policy = Resource(type="policy", id="sha256:" + "c" * 64)
    document = write(reported(figured(fact("policy.published", "pat", about=policy, proposed_by="pat"))))
    [row] = next(one for one in document.tables() if one.name == "policies").rows
    assert (row.tone, row.cells[4]) == ("bad", "NO")
