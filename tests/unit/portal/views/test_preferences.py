import pytest

from tests.unit.portal.world import ANA, Browser


def test_a_chosen_language_is_spoken_from_then_on_whatever_the_browser_says(portal):
    ana = Browser.of(ANA)
    assert '<html lang="en">' in ana.get("/").body
    back = ana.post("/preferences", language="de", look="", next="/catalog")
    assert (back.status, back.headers["location"]) == (303, "/catalog")
    page = ana.get("/", **{"accept-language": "en"})
    assert '<html lang="de">' in page.body
    assert (page.headers["content-language"], page.headers["vary"]) == ("de", "accept-language, cookie")


def test_a_chosen_look_stays_until_it_is_left_to_the_device_again(portal):
    ana = Browser.of(ANA)
    ana.post("/preferences", language="", look="dark", next="/")
    assert '<html lang="en" data-look="dark">' in ana.get("/").body
    ana.post("/preferences", language="", look="", next="/")
    assert "appguard_look" not in ana.cookies
    assert "data-look" not in ana.get("/").body


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"look": "pink"}])
def test_what_is_not_on_offer_is_refused(portal, choice):
    assert Browser.of(ANA).post("/preferences", **choice).status == 400


def test_saving_never_leads_off_the_portal(portal):
    back = Browser.of(ANA).post("/preferences", next="https://evil.example/")
    assert back.headers["location"] == "/"


def test_errors_too_are_told_in_the_readers_language(portal):
    page = Browser.of(ANA).get("/nowhere", **{"accept-language": "de"})
    assert (page.status, page.headers["content-language"]) == (404, "de")
