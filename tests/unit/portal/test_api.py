"""Approvals as programs ask for them: with an ID token of just now, and nothing else."""

import json
from datetime import timedelta

import pytest

from appguard.approvals.summary import ApprovalSummary
from appguard.directory.directory import directory
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Role
from appguard.portal.api.model import Inbox
from tests.unit.portal.world import (
    ANA,
    DORA,
    MIA,
    NOBODY,
    ROB,
    Browser,
    bearer,
    leave_request,
    program,
    told,
    waiting,
)


def said(verdict="refuse", comment="Not now.", **more):
    return json.dumps({"verdict": verdict, "comment": comment, **more}).encode()


def code(answer):
    return answer.status, json.loads(answer.body)["error"]["code"]


def ago(**some):
    return int((utc_now() - timedelta(**some)).timestamp())


@pytest.fixture
def path(portal):
    _, locator = waiting(leave_request())
    return f"/api/approvals/{locator}"


def test_what_waits_for_a_reviewer_is_listed_and_shown_as_every_channel_shows_it(path):
    (asked,) = Inbox.model_validate_json(program("GET", "/api/approvals", bearer(ROB)).body).waiting
    assert asked.app_name == "Leave request"
    assert set(asked.awaited) == {"a reviewer", "a data owner"}
    summary = ApprovalSummary.model_validate_json(program("GET", path, bearer(ROB)).body)
    assert summary.approval_id == asked.approval_id
    assert summary.reasons
    assert summary.ended is None


def test_a_yes_is_kept_until_the_last_seat_is_taken(path):
    first = json.loads(program("POST", path, bearer(ROB), said("approve", "Fine.")).body)
    last = json.loads(program("POST", path, bearer(DORA), said("approve", "Fine.")).body)
    assert (first["state"], first["awaited"]) == ("waiting", ["a data owner"])
    assert (last["state"], last["awaited"]) == ("approved", [])


def test_a_refusal_decides_and_who_comes_later_is_told_so(path):
    assert json.loads(program("POST", path, bearer(ROB), said()).body)["state"] == "refused"
    assert code(program("POST", path, bearer(DORA), said())) == (409, "already_decided")


def test_whoever_asked_decides_nothing_and_the_attempt_is_recorded_once(path):
    maker = ANA.model_copy(update={"groups": ANA.groups | {"reviewers"}})
    assert code(program("POST", path, bearer(maker), said("approve"))) == (403, "separation_of_duties")
    assert [event["action"] for event in told() if event["result"] == "denied"] == ["approval.denied"]


def test_a_session_is_no_token_whatever_else_its_browser_sends(path):
    browser = Browser.of(ROB)
    assert browser.get(path, accept="text/html").status == 401
    assert code(browser.post(path, verdict="refuse", comment="Not now.")) == (401, "unauthenticated")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    sent = {"cookie": cookie, "x-csrf-token": browser.csrf}
    assert code(program("POST", path, body=said(), **sent)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "https://id.example.org"},
        {"exp": ago(minutes=5)},
        {"iat": ago(minutes=16)},
        {"iat": None},
        {"nonce": "of-the-portal"},
        {"nonce": None},
        {"email_verified": False},
    ],
    ids=str,
)
def test_a_token_of_another_sign_in_or_an_old_one_lets_nobody_in(path, changes):
    for asked in (
        program("GET", path, bearer(ROB, **changes)),
        program("POST", path, bearer(ROB, **changes)),
    ):
        assert asked.status == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_lets_nobody_in(path, token):
    assert program("GET", path, token).status == 401


@pytest.mark.parametrize("proved", [None, ago(minutes=16)], ids=["never", "long ago"])
def test_deciding_needs_a_proof_of_the_last_minutes_and_reading_does_not(path, proved):
    token = bearer(ROB, auth_time=proved)
    assert program("GET", path, token).status == 200
    assert code(program("POST", path, token, said())) == (403, "step_up_required")


def test_signing_out_everywhere_ends_the_tokens_of_before(path):
    token = bearer(ROB, iat=ago(minutes=1))
    assert program("GET", path, token).status == 200
    directory().end_sessions(ROB, ROB.acting_as(Role.REVIEWER))
    assert program("GET", path, token).status == 401


def test_roles_are_those_of_the_groups_and_others_are_refused_as_on_the_pages(path):
    assert code(program("GET", "/api/approvals", bearer(MIA))) == (403, "forbidden")
    assert code(program("GET", path, bearer(MIA))) == (403, "not_a_reviewer")
    assert code(program("GET", path, bearer(NOBODY))) == (403, "forbidden")
    assert {event["action"] for event in told() if event["result"] == "denied"} == {"access.denied"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"verdict=refuse&comment=x",
        said("maybe"),
        said(more="x"),
        said(comment="x" * 2001),
        b'{"verdict": "refuse", "verdict": "approve"}',
    ],
    ids=lambda body: body[:24],
)
def test_what_is_no_decision_decides_nothing(path, body):
    assert code(program("POST", path, bearer(ROB), body)) == (400, "invalid")
    assert json.loads(program("GET", path, bearer(ROB)).body)["ended"] is None


def test_one_sign_in_is_one_entry_of_the_ledger(path):
    token = bearer(ROB)
    for _ in range(3):
        program("GET", path, token)
    assert [event["actor"]["id"] for event in told() if event["action"] == "person.signed_in"] == [ROB.id]


def test_a_command_is_told_where_to_sign_in(portal):
    provider = {"issuer": "http://127.0.0.1:9998", "client_id": "appguard"}
    assert json.loads(program("GET", "/api/sign-in").body) == provider
