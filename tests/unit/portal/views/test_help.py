import pytest

from appguard.portal.guides import GUIDES
from appguard.portal.settings import settings
from tests.unit.portal.world import ANA, Browser


@pytest.fixture
def told(monkeypatch):
    """A deployment that says whom to ask, and when."""

    def tell(**words):
        for name, value in words.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield tell
    settings.cache_clear()


@pytest.mark.parametrize("name", GUIDES)
def test_each_guide_is_a_click_away_and_says_that_it_is_english(portal, name):
    ana = Browser.of(ANA)
    assert f'href="/help/{name}"' in ana.get("/help").body
    page = ana.get(f"/help/{name}", **{"accept-language": "de"})
    assert page.status == 200
    assert '<article class="prose" lang="en">' in page.body


def test_who_can_help_is_an_address_to_write_to_or_a_page_to_open(portal, told):
    told(HELP_CONTACT="help@example.com")
    assert '<a href="mailto:help@example.com">help@example.com</a>' in Browser.of(ANA).get("/").body
    told(HELP_CONTACT="https://desk.example.com/appguard")
    assert '<a href="https://desk.example.com/appguard">' in Browser.of(ANA).get("/").body


def test_without_a_contact_people_are_sent_to_their_platform_team(portal):
    assert "Ask your platform team." in Browser.of(ANA).get("/").body


def test_office_hours_are_said_where_people_look_for_them(portal, told):
    told(OFFICE_HOURS="Wednesdays 14:00, room 3")
    for path in ("/help", "/help/office-hours"):
        assert "Wednesdays 14:00, room 3" in Browser.of(ANA).get(path).body


def test_there_is_no_other_guide(portal):
    assert Browser.of(ANA).get("/help/secrets").status == 404
