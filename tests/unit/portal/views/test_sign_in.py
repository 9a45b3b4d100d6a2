import pytest

from appguard.portal.model import SignedIn
from appguard.portal.oidc import Identity
from tests.unit.portal.world import ANA, MIA, Browser


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
