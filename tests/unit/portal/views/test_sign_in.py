import pytest

from appguard.audit.outbox import Outbox
from appguard.kernel.errors import Unavailable
from appguard.portal.model import SignedIn
from appguard.portal.oidc import Identity
from tests.unit.portal.world import ANA, MIA, Browser, told


@pytest.fixture(autouse=True)
def provider(monkeypatch):
    """An identity provider that knows Ana, whoever asks."""
    monkeypatch.setattr(
        Identity, "leave_for", lambda _, sign_in: f"https://id.example.com/?state={sign_in.state}"
    )
    monkeypatch.setattr(Identity, "redeem", lambda *_: SignedIn(person=ANA, proved_at=None))


def test_signing_in_leads_back_to_where_one_came_from():
    browser = Browser()
    assert browser.get("/my/leave-request").headers["location"] == "/sign-in?next=%2Fmy%2Fleave-request"
    assert browser.get("/sign-in?next=%2Fcatalog").headers["location"].startswith("https://id.example.com")
    assert browser.get("/callback?code=c&state=s").headers["location"] == "/catalog"
    assert "Ana" in browser.get("/catalog").body


def test_signing_in_never_leads_to_another_site():
    for target in ("https://evil.example", "//evil.example", "/%5Cevil.example"):
        browser = Browser()
        browser.get(f"/sign-in?next={target}")
        assert browser.get("/callback?code=c&state=s").headers["location"] == "/"


def test_an_answer_works_only_in_the_browser_that_began():
    victim, attacker = Browser(), Browser()
    attacker.get("/sign-in")
    assert victim.get("/callback?code=c&state=s").status == 401


def test_an_answer_works_only_once():
    browser = Browser()
    browser.get("/sign-in")
    again = Browser(dict(browser.cookies))
    assert browser.get("/callback?code=c&state=s").status == 303
    assert again.get("/callback?code=c&state=s").status == 401


def test_a_session_planted_before_the_sign_in_is_not_the_one_after_it():
    planted = Browser.of(MIA)
    browser = Browser(dict(planted.cookies))
    browser.get("/sign-in")
    browser.get("/callback?code=c&state=s")
    assert browser.cookies["appguard_session"] != planted.cookies["appguard_session"]
    assert planted.get("/").status == 303


def test_cookies_are_out_of_reach_of_scripts_and_other_sites():
    browser = Browser()
    (line,) = browser.get("/sign-in").cookies
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line


def come_in(browser, person, monkeypatch):
    monkeypatch.setattr(Identity, "redeem", lambda *_: SignedIn(person=person, proved_at=None))
    browser.get("/sign-in")
    browser.get("/callback?code=c&state=s")


def test_the_ledger_learns_who_came_with_which_roles_and_who_left(monkeypatch):
    browser = Browser()
    come_in(browser, ANA, monkeypatch)
    browser.csrf = csrf_of(browser)
    browser.post("/sign-out")
    learnt, came, left = told()
    assert learnt["action"] == "person.recorded"
    assert (came["action"], came["actor"]["id"], came["metadata"]["roles"]) == (
        "person.signed_in",
        ANA.id,
        ["employee", "requester"],
    )
    assert (left["action"], left["resource"]["id"]) == ("person.signed_out", ANA.id)


def test_whoever_comes_with_other_roles_than_the_last_time_is_told_of_once(monkeypatch):
    promoted = ANA.model_copy(update={"groups": frozenset({"employees", "reviewers"})})
    for person in (ANA, ANA, promoted, promoted):
        come_in(Browser(), person, monkeypatch)
    (change,) = [event for event in told() if event["action"] == "person.roles_changed"]
    assert change["metadata"] == {"given": ["reviewer"], "taken": ["requester"]}
    assert change["resource"] == {"type": "person", "id": ANA.id}


def test_no_session_begins_that_the_ledger_does_not_know_of(monkeypatch):
    monkeypatch.setattr(Outbox, "commit", refuse)
    browser = Browser()
    browser.get("/sign-in")
    assert browser.get("/callback?code=c&state=s").status == 503
    assert browser.get("/catalog").status == 303


def test_a_sign_in_that_fails_is_told_once_a_minute_however_often_somebody_tries():
    for _ in range(3):
        assert Browser().get("/callback?code=c&state=s").status == 401
    failed = [event for event in told() if event["action"] == "person.sign_in_failed"]
    assert 1 <= len(failed) <= 2  # a minute may turn between the tries
    assert failed[0]["result"] == "denied"
    assert failed[0]["actor"]["id"] == "unknown"


def csrf_of(browser):
    return browser.get("/catalog").body.partition('name="csrf" value="')[2].partition('"')[0]


def refuse(*_):
    raise Unavailable("the store is busy")
