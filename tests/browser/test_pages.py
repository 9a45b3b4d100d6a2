"""Home, catalog, app page, connectors, templates, exceptions and dashboard in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appguard.access.access import access
from appguard.apps.catalog import catalog
from appguard.apps.listing import Listing
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.person import Person
from tests.browser.portal import ledger, portal, signed, tab
from tests.support.cards import card
from tests.unit.portal.world import (
    ADA,
    ANA,
    DORA,
    MIA,
    PAT,
    ROB,
    SAM,
    emptied,
    leave_request,
    published,
    waiting,
)

__all__ = ["ledger", "portal"]  # the fixtures
pytestmark = pytest.mark.browser
LEA = ANA.model_copy(update={"id": "lea@example.com", "email": "lea@example.com", "name": "Lea Roth"})
HOSTILE = '"><script>document.title="taken"</script><img src=x onerror="document.title=1">'


@pytest.fixture
def filled(portal: str) -> Iterator[str]:
    """Apps, an offer, a question, and hostile words wherever people may write."""
    app = published(leave_request())
    catalog().offer(app, "lea@example.com", ANA, Role.REQUESTER, HOSTILE)
    catalog().create(AppId("hostile"), HOSTILE[:80], HOSTILE * 2, HOSTILE[:80], ANA)
    access().ask(ConnectorName("payroll-db"), ANA, HOSTILE)
    waiting(leave_request(LEA, app_id="away-list"), LEA)
    yield portal
    emptied()


@contextmanager
def seen_by(chromium: Browser, portal: str, person: Person, **options: object) -> Iterator[Page]:
    """A page in which `person` is signed in."""
    with tab(chromium, **options) as page:
        signed(page, portal, person)
        yield page


PAGES = [
    (ANA, "/"),
    (DORA, "/"),
    (MIA, "/"),
    (ROB, "/"),
    (ADA, "/catalog?state=any"),
    (MIA, "/catalog?q=nothing"),
    (ANA, "/my/leave-request"),
    (SAM, "/my/leave-request"),
    (ANA, "/my/leave-request/transfer"),
    (ANA, "/my/leave-request/retire"),
    (SAM, "/my/leave-request/lock"),
    (LEA, "/my/leave-request/offer"),
    (MIA, "/connectors"),
    (ANA, "/connectors/hr-db"),
    (MIA, "/templates"),
    (ANA, "/templates/hr-self-service"),
    (ROB, "/exceptions"),
    (PAT, "/dashboard"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_or_runs_what_people_wrote(filled: str, chromium: Browser, scheme: str) -> None:
    barriers = []
    for person, path in PAGES:
        with seen_by(chromium, filled, person, color_scheme=scheme) as page:
            page.goto(filled + path)
            assert "AppGuard" in page.title(), path
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["target"] for node in violation["nodes"]][:3]
                barriers.append(f"{path}: {violation['id']} {nodes}")
    assert not barriers, "\n".join(barriers)


def test_every_page_fits_a_phone(filled: str, chromium: Browser) -> None:
    for person, path in PAGES:
        with seen_by(chromium, filled, person, viewport={"width": 360, "height": 740}) as page:
            complaints: list[str] = []
            page.on("console", lambda message, to=complaints: to.append(message.text))  # type: ignore[misc]
            page.goto(filled + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            assert complaints == [], path


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_app_is_found_among_ten_thousand_by_words_facets_and_pages(
    portal: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    cards = [card(number) for number in range(10_000)]
    monkeypatch.setattr(catalog(), "_listing", Listing(lambda since: cards if since is None else []))
    with seen_by(chromium, portal, MIA, java_script_enabled=script) as page:
        page.goto(f"{portal}/catalog")
        page.get_by_role("link", name="Next", exact=True).click()
        expect(page.get_by_text(re.compile(r"25 to 48 shown"))).to_be_visible()
        page.get_by_role("link", name="Previous", exact=True).click()
        page.get_by_role("link", name="High risk", exact=True).click()
        page.get_by_label("Search by name").fill("leave visitor")
        if not script:
            page.get_by_role("button", name="Search").click()
        expect(page).to_have_url(re.compile(r"q=leave"))
        assert "tier=high" in page.url
        expect(page.get_by_role("heading", name=re.compile(r"Leave visitor \d+")).first).to_be_visible()
        expect(page.locator(".cards .badge.tier").first).to_have_text("High risk")
        assert page.locator(".cards .badge.tier:not(.bad)").count() == 0


def test_an_app_changes_hands_with_the_keyboard_alone_and_without_scripts(
    portal: str, chromium: Browser
) -> None:
    published(leave_request())
    with seen_by(chromium, portal, ANA, java_script_enabled=False) as page:
        page.goto(f"{portal}/my/leave-request")
        page.get_by_role("link", name="Transfer", exact=True).press("Enter")
        page.get_by_label("E-mail of the new owner").fill("lea@example.com")
        page.keyboard.press("Tab")
        page.keyboard.type("I change teams.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Offered to lea@example.com")).to_be_visible()
    with seen_by(chromium, portal, LEA, java_script_enabled=False) as page:
        page.goto(portal)
        page.get_by_role("link", name="Leave request").press("Enter")
        expect(page.get_by_text("I change teams.")).to_be_visible()
        page.get_by_role("checkbox").press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Transfer", exact=True)).to_be_visible()
    assert catalog().get(AppId("leave-request")).owner == LEA.id
    emptied()
