"""What many harmless answers, or a file, would tell about one person."""

import csv
import io

import pytest

from infra.local.places import ROOT
from infra.local.story.cast import ANA
from tests.e2e.caller import TOKEN

pytestmark = pytest.mark.e2e

HEADCOUNT = "hr-db/queries/headcount_by_department"
DEFECTS = "office-directory/queries/open_defects/export"
FORMULAS = ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)", "\uff1d1+1", " =1+1", "=cmd|' /C calc'!A0"]
SMALL, LARGE = "Department of four", "Department of five"


@pytest.fixture
def careless_view(ground):
    """Statistics whose own view forgot that small groups stay inside; with a small group in them."""
    ground.run(
        """CREATE OR REPLACE VIEW hr_api.headcount WITH (security_barrier) AS
           SELECT d.name AS department, count(*)::integer AS headcount
           FROM hr.employee AS e JOIN hr.department AS d USING (department_id) GROUP BY d.name
           UNION ALL SELECT 'Department of four', 4 UNION ALL SELECT 'Department of five', 5"""
    )
    yield
    views = (ROOT / "examples" / "hr-db" / "50_hr_views.sql").read_text()
    start = views.index("CREATE OR REPLACE VIEW hr_api.headcount")
    ground.run(views[start : views.index(";", start)])


def test_a_small_group_stays_inside_although_the_view_lets_it_out(leave, careless_view):
    rows = leave.ask(ANA, HEADCOUNT).json()["rows"]

    assert [LARGE, 5] in rows
    assert [SMALL, 4] not in rows
    assert all(count >= 5 for _, count in rows)


def test_a_small_group_stays_inside_a_file_too(leave, careless_view):
    body = {"format": "csv", "purpose": "headcount for the yearly report"}
    reply = leave.send(f"{HEADCOUNT}/export", {TOKEN: leave.token(ANA)}, body)

    assert reply.status_code == 200
    assert LARGE in reply.text
    assert SMALL not in reply.text


@pytest.mark.parametrize("wish", [{"department": "People"}, {"min_group": 1}, {"where": "job_title = 'CEO'"}])
def test_a_group_cannot_be_made_smaller_by_whoever_asks(leave, witness, wish):
    witness.refusal(leave.ask(ANA, HEADCOUNT, **wish), 400, "invalid")


@pytest.mark.parametrize("query", ["my_profile", "my_leave_balance", "my_leave_requests", "team_calendar"])
def test_personal_data_does_not_leave_as_a_file(leave, witness, query):
    body = {"format": "csv", "purpose": "a list for the works council"}
    reply = leave.send(f"hr-db/queries/{query}/export", {TOKEN: leave.token(ANA)}, body)

    entry = witness.refusal(reply, 403, "export_blocked")
    assert entry["action"] == "data.exported"


@pytest.mark.parametrize(
    "body", [{}, {"format": "csv"}, {"format": "xlsm", "purpose": "a long purpose"}], ids=str
)
def test_a_file_needs_a_purpose_and_a_form(leave, witness, body):
    witness.refusal(leave.send(DEFECTS, {TOKEN: leave.token(ANA)}, body), 400, "invalid")


def test_no_cell_of_a_file_is_a_formula(leave):
    for text in FORMULAS:
        told = {"office": "Berlin", "place": "Lift", "description": text}
        assert leave.ask(ANA, "office-directory/commands/report_defect", **told).status_code == 200

    body = {"format": "csv", "purpose": "a list of what is broken"}
    reply = leave.send(DEFECTS, {TOKEN: leave.token(ANA)}, body)

    cells = {cell for row in csv.reader(io.StringIO(reply.text)) for cell in row}
    assert {"'" + text for text in FORMULAS} <= cells
    assert not set(FORMULAS) & cells
