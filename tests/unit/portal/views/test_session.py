import json

from tests.unit.portal.world import ANA, Browser


def test_a_page_that_outlived_its_session_learns_the_token_of_the_new_one(portal):
    old, new = Browser.of(ANA), Browser.of(ANA)
    assert json.loads(new.get("/session").body) == {"csrf": new.csrf}
    assert old.csrf != new.csrf


def test_nobody_else_learns_a_token(portal):
    assert Browser().get("/session", accept="application/json").status == 401
    assert new_headers()["cross-origin-resource-policy"] == "same-origin"


def new_headers():
    return Browser.of(ANA).get("/session").headers
