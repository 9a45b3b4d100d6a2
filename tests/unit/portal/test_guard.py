import json
from datetime import timedelta

import boto3
import pytest

from appguard.audit.outbox import outbox
from appguard.kernel.clock import utc_now
from appguard.portal.model import ABSOLUTE, IDLE
from appguard.portal.store import SessionStore, sessions
from tests.unit.portal.world import (
    ANA,
    MIA,
    NOBODY,
    Browser,
    leave_request,
    signed_in,
    told,
    waiting,
)


def rows():
    """What the table of sessions holds."""
    return boto3.resource("dynamodb").Table("sessions").scan()["Items"]


def test_every_page_carries_the_headers_that_keep_it_from_being_framed_sniffed_or_scripted(portal):
    for answer in (Browser.of(ANA).get("/"), Browser().get("/signed-out"), Browser.of(ANA).get("/nowhere")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_pages_hold_no_script_and_no_style_of_their_own(portal):
    for path in ("/", "/new", "/catalog"):
        body = Browser.of(ANA).get(path).body
        assert "<script>" not in body
        assert "<style" not in body
        assert " style=" not in body
        assert " onclick=" not in body


def test_a_program_gets_the_error_as_json(portal):
    answer = Browser.of(NOBODY).get("/catalog", accept="application/json")
    assert answer.status == 403
    assert json.loads(answer.body)["error"].keys() == {"code", "message", "remediation"}


def test_a_piece_asked_for_without_session_says_so_and_leaves_the_page_with_what_was_typed(portal):
    answer = Browser().get("/catalog", **{"hx-request": "true"})
    assert (answer.status, "hx-redirect" in answer.headers) == (401, False)
    assert "data-session-ended" in answer.body
    assert "<main" not in answer.body


def test_a_person_without_any_role_is_told_whom_to_ask_and_can_sign_out(portal):
    browser = Browser.of(NOBODY)
    assert "Ask the platform team" in browser.get("/").body
    assert browser.post("/sign-out").status == 303
    assert browser.get("/").status == 303


def test_an_unknown_address_says_so_without_telling_insides(portal):
    answer = Browser.of(ANA).get("/wp-admin")
    assert answer.status == 404
    assert "not_found" in answer.body


def test_an_unforeseen_error_shows_a_code_and_no_insides(portal, monkeypatch):
    from appguard.portal.views import catalog  # noqa: PLC0415

    monkeypatch.setattr(catalog, "_asked", lambda *_: 1 / 0)
    answer = Browser.of(ANA).get("/catalog")
    assert answer.status == 500
    assert "ZeroDivision" not in answer.body
    assert "internal" in answer.body


@pytest.mark.parametrize("age", [IDLE, ABSOLUTE])
def test_a_session_ends_after_its_idle_and_its_absolute_limit(portal, age):
    then = utc_now() - age
    token, _ = signed_in(ANA, clock=lambda: then)
    assert len(rows()) == 2
    assert sessions().find(token) is None
    assert [row["pk"].partition("#")[0] for row in rows()] == ["PERSON"]


def test_a_session_in_use_does_not_idle_out_but_ends_absolutely(portal):
    now = utc_now()
    token, _ = signed_in(ANA, clock=lambda: now)
    at, alive = now, []
    for _ in range(25):
        at += timedelta(minutes=30)
        store = SessionStore(boto3.client("dynamodb"), "sessions", outbox(), lambda: at)  # noqa: B023
        session = store.find(token)
        alive.append(session is not None)
        token = (session and store.keep(session, token, ANA, session.roles)[1]) or token
    assert alive.index(False) == 19


def test_reading_the_sessions_table_gives_no_token(portal):
    token, _ = signed_in(ANA)
    assert token not in json.dumps(rows(), default=str)


def test_signing_out_ends_the_session_on_the_server(portal):
    browser = Browser.of(ANA)
    stolen = Browser(dict(browser.cookies), browser.csrf)
    browser.post("/sign-out")
    assert stolen.get("/").status == 303


def test_who_is_refused_a_page_is_in_the_ledger_once_a_minute_and_page(portal):
    browser = Browser.of(MIA)
    for path in ("/new", "/new", "/secrets"):
        assert browser.get(path).status == 403
    refused = [event for event in told() if event["action"] == "access.denied"]
    assert {event["resource"]["id"] for event in refused} == {"GET /new", "GET /secrets"}
    assert len(refused) <= 3
    assert {(event["actor"]["id"], event["result"]) for event in refused} == {(MIA.id, "denied")}
    assert refused[0]["metadata"] == {"code": "forbidden", "roles": ["employee"]}


def test_a_form_from_another_site_is_in_the_ledger(portal):
    Browser.of(ANA).post("/new", csrf="guess")
    (refused,) = [event for event in told() if event["action"] == "access.denied"]
    assert refused["metadata"]["code"] == "cross_site_request"


def test_what_the_view_recorded_itself_is_not_told_twice(portal):
    _, locator = waiting(leave_request())
    assert Browser.of(MIA).post(f"/approvals/{locator}", verdict="approve").status == 403
    assert [event["action"] for event in told() if event["result"] == "denied"] == ["approval.denied"]


def test_nobody_in_particular_leaves_no_entry(portal):
    Browser().post("/new")
    assert told() == []
