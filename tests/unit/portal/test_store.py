from datetime import timedelta

import boto3
import pytest

from appguard.audit.outbox import outbox
from appguard.kernel.clock import utc_now
from appguard.portal.lock import CHANGE_AFTER, OVERLAP
from appguard.portal.store import SessionStore, sessions
from tests.unit.portal.world import ANA, MIA, Browser, signed_in, told

pytestmark = pytest.mark.usefixtures("portal")


def at(moment):
    """The store at another time."""
    return SessionStore(boto3.client("dynamodb"), "sessions", outbox(), lambda: moment)


def used(store, token):
    """A request with this token: the session it finds, and the token that is to follow."""
    session = store.find(token)
    return store.keep(session, token, session.person, session.roles) if session else (None, None)


def test_a_token_is_replaced_after_a_while_and_the_old_one_ends_once_the_new_one_arrived():
    token, session = signed_in(ANA)
    later = utc_now() + CHANGE_AFTER
    assert used(at(utc_now()), token)[1] is None
    _, following = used(at(later), token)
    assert following
    assert following != token
    assert at(later).find(token).session_id == session.session_id
    assert used(at(later), following)[1] is None
    assert at(later + OVERLAP / 2).find(token)
    assert at(later + OVERLAP).find(token) is None
    assert at(later + OVERLAP).find(following).csrf == session.csrf


def test_of_parallel_requests_one_replaces_the_token_and_all_are_answered():
    token, _ = signed_in(ANA)
    store = at(utc_now() + CHANGE_AFTER)
    together = [store.find(token) for _ in range(3)]
    given = [store.keep(each, token, each.person, each.roles)[1] for each in together]
    assert [bool(each) for each in given] == [True, False, False]
    assert store.find(token)
    assert store.find(given[0])


def test_a_wrong_secret_opens_nothing_and_ends_nothing():
    token, session = signed_in(ANA)
    for wrong in (session.session_id, f"{session.session_id}.", f"{session.session_id}.x", "", ".", "a.b"):
        assert sessions().find(wrong) is None
    assert sessions().find(token)


def test_a_person_sees_their_living_sessions_and_nobody_elses():
    long_ago = utc_now() - timedelta(days=2)
    signed_in(ANA, clock=lambda: long_ago)
    _, first = signed_in(ANA)
    _, second = signed_in(ANA)
    signed_in(MIA)
    for _ in range(2):
        assert [one.session_id for one in sessions().of(ANA)] == [second.session_id, first.session_id]


def test_a_session_that_was_ended_while_a_request_ran_stays_ended():
    token, _ = signed_in(ANA)
    store = at(utc_now() + CHANGE_AFTER)
    session = store.find(token)
    store.drop(session.session_id)
    assert store.keep(session, token, session.person, session.roles)[1] is None
    assert store.find(token) is None


def test_over_requests_the_browser_is_given_the_new_token(monkeypatch):
    browser = Browser.of(ANA)
    first = browser.cookies["appguard_session"]
    monkeypatch.setattr("appguard.portal.lock.CHANGE_AFTER", timedelta())
    (line,) = browser.get("/catalog").cookies
    assert "HttpOnly" in line
    assert browser.cookies["appguard_session"] != first
    assert browser.get("/catalog").status == 200
    browser.post("/sign-out")
    assert "appguard_session" not in browser.cookies
    assert browser.get("/catalog").status == 303


def test_nothing_of_it_is_told_but_the_sign_in():
    token, _ = signed_in(ANA)
    used(at(utc_now() + CHANGE_AFTER), token)
    assert {event["action"] for event in told()} == {"person.recorded", "person.signed_in"}
