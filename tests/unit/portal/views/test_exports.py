from datetime import timedelta

import pytest

from appguard.approvals.exceptions.exceptions import exceptions
from appguard.connectors.exports.leaving import leaving
from appguard.connectors.registry import registry
from appguard.portal.model import FRESH
from tests.unit.portal.world import ANA, MIA, ROB, Browser, leave_request, published

ABOUT = {"app": "leave-request", "connector": "hr-db", "query": "team_calendar"}
PAGE = "/exports/allow?app=leave-request&connector=hr-db&query=team_calendar"


@pytest.fixture(autouse=True)
def app():
    published(leave_request())


def columns():
    return "; ".join(leaving(registry()["hr-db"].queries["team_calendar"]))


def allow(browser, **changed):
    return browser.post("/exports/allow", **{**ABOUT, "columns": columns(), "reason": "Once.", **changed})


def test_a_reviewer_sees_what_would_leave_and_allows_it_for_a_time():
    page = Browser.of(ROB).get(PAGE).body
    assert "birth_date (personal, masked: year)" in page
    assert "hr-data@example.com" in page
    assert allow(Browser.of(ROB)).status == 303
    [exception] = exceptions().of_app("leave-request")
    assert (exception.about.query, exception.reason) == ("team_calendar", "Once.")
    assert "Export" in Browser.of(ROB).get("/exceptions").body
    assert "leave as a file" in Browser.of(ANA).get("/my/leave-request").body


@pytest.mark.parametrize("person", [ANA, MIA], ids=lambda p: p.id)
def test_others_learn_who_decides_and_decide_nothing(person):
    page = Browser.of(person).get(PAGE).body
    assert "A reviewer decides" in page
    assert "<textarea" not in page
    assert allow(Browser.of(person)).status == 403
    assert exceptions().of_app("leave-request") == []


def test_it_needs_a_reason_and_a_recent_sign_in():
    assert allow(Browser.of(ROB), reason=" ").status == 400
    old = Browser.of(ROB, proved_ago=FRESH + timedelta(seconds=1))
    assert "Confirm that it is you" in old.get(PAGE).body
    assert allow(old).status == 403
    assert exceptions().of_app("leave-request") == []


def test_nobody_allows_columns_they_did_not_see():
    answer = allow(Browser.of(ROB), columns="starts_on (internal)")
    assert answer.status == 400
    assert exceptions().of_app("leave-request") == []


@pytest.mark.parametrize("changed", [{"app": "../x"}, {"app": "none-such"}, {"query": "my_health_notes"}])
def test_what_the_app_may_not_ask_is_not_there(changed):
    about = {**ABOUT, **changed}
    page = "/exports/allow?" + "&".join(f"{name}={value}" for name, value in about.items())
    assert Browser.of(ROB).get(page).status == 404
