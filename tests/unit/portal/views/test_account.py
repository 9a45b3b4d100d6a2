import re

import pytest

from appguard.directory.directory import directory
from tests.unit.portal.world import ANA, MIA, ROB, Browser, told

pytestmark = pytest.mark.usefixtures("portal")
END = re.compile(r"/account/sessions/([\w-]{22})/end")


def test_the_page_says_who_one_is_what_one_may_and_where_one_is_signed_in():
    Browser.of(ANA)
    page = Browser.of(ANA).get("/account").body
    assert "Create, edit, submit and retire apps of their own." in page
    assert page.count("Firefox on Linux</td>") == 1
    assert page.count("This one") == 1
    assert len(END.findall(page)) == 1


def test_one_of_ones_sessions_can_be_ended_and_nobody_elses():
    lost, here, mias = Browser.of(ANA), Browser.of(ANA), Browser.of(MIA)
    (session_id,) = END.findall(here.get("/account").body)
    assert mias.post(f"/account/sessions/{session_id}/end").status == 404
    assert lost.get("/").status == 200
    assert here.post(f"/account/sessions/{session_id}/end").headers["location"] == "/account"
    assert lost.get("/").status == 303
    assert here.get("/").status == 200
    assert here.post(f"/account/sessions/{session_id}/end").status == 404
    assert [event["action"] for event in told()][-1] == "person.signed_out"


def test_signing_out_everywhere_ends_every_session_of_that_person_and_no_other():
    lost, here, mias = Browser.of(ANA), Browser.of(ANA), Browser.of(MIA)
    answer = here.post("/account/sign-out-everywhere")
    assert answer.headers["location"] == "/signed-out"
    assert "appguard_session" not in here.cookies
    assert lost.get("/").status == 303
    assert mias.get("/").status == 200
    assert Browser.of(ANA).get("/").status == 200
    assert "person.sessions_ended" in [event["action"] for event in told()]


def test_a_form_of_another_site_signs_nobody_out():
    browser = Browser.of(ANA)
    assert browser.post("/account/sign-out-everywhere", csrf="guess").status == 403
    assert browser.get("/").status == 200


def test_other_groups_count_at_the_next_request_and_change_the_token():
    browser = Browser.of(ANA)
    before = browser.cookies["appguard_session"]
    assert browser.get("/approvals").status == 403
    directory().meet(ANA.model_copy(update={"groups": ROB.groups}))
    assert browser.get("/approvals").status == 200
    assert browser.cookies["appguard_session"] != before
    assert browser.get("/new").status == 403
    (change,) = [event for event in told() if event["action"] == "person.roles_changed"]
    assert change["metadata"] == {"given": ["reviewer"], "taken": ["requester"]}
