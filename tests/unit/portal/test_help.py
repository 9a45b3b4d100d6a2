"""Every screen says what it is, what happens next, and who can help."""

import pytest

from appguard.portal.guides import GUIDES
from appguard.portal.help import HELP
from appguard.portal.routes import ROUTES
from tests.browser.test_every_page import NO_PAGES
from tests.unit.portal.world import ANA, ROB, Browser


def test_every_page_has_its_help_and_no_help_lacks_its_page():
    pages = {
        route.path
        for route in ROUTES
        if route.method == "GET" and route.roles is not None and not route.bearer
    }
    assert HELP.keys() == pages - NO_PAGES.keys()


def test_the_guides_that_help_names_exist():
    assert {each.guide for each in HELP.values()} <= GUIDES.keys()


@pytest.mark.parametrize(("person", "path"), [(ANA, "/"), (ANA, "/new"), (ROB, "/approvals")])
def test_help_stands_on_the_page(portal, person, path):
    page = Browser.of(person).get(path).body
    assert HELP[path].what in page
    assert HELP[path].next in page
    assert f'href="/help/{HELP[path].guide}"' in page
