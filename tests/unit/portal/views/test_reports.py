import json

import boto3
import pytest

from appguard.reports import shelf as shelf_module
from appguard.reports.shelf import shelf
from tests.unit.portal.world import ADA, ANA, DORA, PAT, ROB, SAM, Browser, shelved_report

FILE = "/reports/soc2-2026-03/file?name=report.pdf"


@pytest.fixture
def asked(portal, monkeypatch):
    """What was handed to the function that makes reports."""
    orders = []
    monkeypatch.setattr(shelf_module, "_ask", orders.append)
    shelf.cache_clear()
    yield orders
    shelf.cache_clear()


@pytest.fixture
def made(asked):
    """A report on the shelf."""
    return shelved_report()


def recorded(action):
    rows = boto3.client("dynamodb").scan(TableName="outbox")["Items"]
    return [body for row in rows if (body := json.loads(row["body"]["S"]))["action"] == action]


@pytest.mark.usefixtures("made")
def test_an_auditor_sees_each_report_and_how_it_went():
    browser = Browser.of(ADA)
    page = browser.get("/reports").body
    assert "1 failed" in page
    assert "17 passed" in page
    assert 'href="/reports/soc2-2026-03"' in page
    one = browser.get("/reports/soc2-2026-03").body
    assert "CC8.1 Changes are authorised, tested and approved" in one
    assert FILE.replace("&", "&amp;") in one


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("person", [ANA, ROB, SAM, PAT, DORA], ids=lambda p: p.id)
@pytest.mark.parametrize("path", ["/reports", "/reports/soc2-2026-03", FILE])
def test_nobody_else_does_and_nothing_is_recorded_as_fetched(person, path):
    assert Browser.of(person).get(path).status == 403
    assert recorded("report.fetched") == []


def test_a_file_is_behind_a_sign_in_and_its_address_ends_within_a_minute(made):
    assert Browser.of(None).get(FILE).headers["location"].startswith("/sign-in")
    answer = Browser.of(ADA).get(FILE)
    assert answer.status == 303
    assert made.key("report.pdf") in answer.headers["location"]
    assert "X-Amz-Expires=60&" in answer.headers["location"]
    assert [event["actor"]["id"] for event in recorded("report.fetched")] == [ADA.id]


def test_a_link_of_a_mail_leads_an_auditor_to_the_report_and_nobody_else(made):
    link = f"/reports/link/{shelf().link(made.report_id)}"
    assert Browser.of(ADA).get(link).headers["location"] == "/reports/soc2-2026-03"
    assert Browser.of(ROB).get(link).status == 403
    assert Browser.of(None).get(link).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "path", ["/reports/soc2-1999-01", "/reports/link/guess", "/reports/soc2-1999-01/file?name=x"]
)
@pytest.mark.usefixtures("asked")
def test_what_does_not_exist_is_not_found(path):
    assert Browser.of(ADA).get(path).status == 404


def test_a_report_is_ordered_for_whole_days(asked):
    browser = Browser.of(ADA)
    answer = browser.post("/reports", framework="iso27001", since="2026-03-01", until="2026-03-31")
    [order] = asked
    assert (order.framework, order.by.id) == ("iso27001", ADA.id)
    assert (order.period.since.isoformat(), order.period.until.isoformat()) == (
        "2026-03-01T00:00:00+00:00",
        "2026-04-01T00:00:00+00:00",
    )
    assert "Your report is being made" in browser.get(answer.headers["location"]).body


@pytest.mark.parametrize(
    "form",
    [
        {"framework": "iso27001", "since": "2026-03-31", "until": "2026-03-01"},
        {"framework": "iso27001", "since": "2026-03-01", "until": "2999-03-01"},
        {"framework": "iso27001", "since": "1999-03-01", "until": "2026-03-01"},
        {"framework": "hipaa", "since": "2026-03-01", "until": "2026-03-31"},
        {"framework": "soc2", "since": "yesterday", "until": "2026-03-31"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused_and_nothing_is_ordered(asked, form):
    assert Browser.of(ADA).post("/reports", **form).status == 400
    assert asked == []
