import re
from datetime import UTC, datetime, timedelta

import pytest

from appguard.kernel.clock import utc_now
from appguard.portal.views import preview
from appguard.runtime.preview import render
from tests.unit.portal.world import ANA, MIA, Browser, example, leave_request

HERE = "/my/leave-request/preview"


@pytest.fixture(autouse=True)
def sandbox(monkeypatch):
    """The sandbox function itself, called without Lambda in between."""
    monkeypatch.setattr(preview, "_sandbox", lambda event: render(event, None))


def test_the_frame_shows_the_page_on_made_up_rows_and_may_do_nothing():
    leave_request()
    answer = Browser.of(ANA).get(f"{HERE}/team/frame")
    assert "Team calendar" in answer.body
    assert "Made-up data" in answer.body
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_the_table_answers_what_its_page_asks_for():
    leave_request()
    team = Browser.of(ANA).get(f"{HERE}/team/frame").body
    last_days = re.findall(r'data-name="To">([^<]+)<', team)
    assert last_days
    for day in last_days:
        assert datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC) >= utc_now() - timedelta(days=1)


def test_the_page_around_it_lists_the_pages_of_the_draft():
    leave_request()
    body = Browser.of(ANA).get(f"{HERE}/request").body
    assert "What is left" in body
    assert "sandbox" in body


def test_a_page_the_draft_does_not_have_is_not_found():
    leave_request()
    assert Browser.of(ANA).get(f"{HERE}/no-such-page").status == 404


def test_a_strangers_draft_is_not_shown():
    leave_request()
    requester = MIA.model_copy(update={"groups": frozenset({"requesters"})})
    assert Browser.of(requester).get(f"{HERE}/team/frame").status == 404


def test_an_example_of_the_manifest_shows_what_would_be_sent():
    leave_request()
    browser = Browser.of(ANA)
    name = example().manifest().tests[0].name
    assert name in browser.get(f"{HERE}/request").body
    assert "?example=0" in browser.get(f"{HERE}/request?example=0").body
    assert "starts_on" in browser.get(f"{HERE}/request/frame?example=0").body


def test_an_example_that_does_not_exist_shows_the_empty_form():
    leave_request()
    for number in ("99", "-1", "x", "²"):
        assert Browser.of(ANA).get(f"{HERE}/request/frame?example={number}").status == 200
