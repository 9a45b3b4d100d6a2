"""Every page of the portal, in the light and in the dark, on a desk and on a phone, in each language.

A route that answers a GET is either a page here or named as none, so no new page can be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

from appguard.kernel.person import Person
from appguard.portal.routes import ROUTES
from tests.browser.portal import clean, ledger, portal, signed, tab
from tests.unit.portal.views.test_offers import LEA
from tests.unit.portal.world import (
    ADA,
    ANA,
    DORA,
    MIA,
    PAT,
    ROB,
    SAM,
    kept_secrets,
    leave_request,
    published,
    shelved_report,
    waiting,
)
from tests.unit.portal.world import Browser as Visitor

__all__ = ["clean", "ledger", "portal"]  # the fixtures
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clean")]

NO_PAGES = {
    "/api/sign-in": "for programs",
    "/api/openapi.json": "for programs",
    "/api/approvals": "for programs",
    "/api/approvals/<locator>": "for programs",
    "/healthz": "for monitors",
    "/static/<name>": "what pages are made with",
    "/sign-in": "leads to the identity provider",
    "/callback": "leads back from it",
    "/session": "for a script",
    "/dashboard/figures.csv": "a file",
    "/my/<app_id>/progress": "a piece of the app's page",
    "/my/<app_id>/sbom": "a file",
    "/my/<app_id>/attestation": "a file",
    "/my/<app_id>/preview/<page_id>/frame": "the micro app's own page, inside the preview",
    "/approvals/<locator>/seats": "a piece of the request's page",
    "/reports/link/<token>": "leads to a report",
    "/reports/<report_id>/file": "a file",
    "/audit/<log>/<number>/proof": "a file",
}
EXPORT = "/exports/allow?app=leave-request&connector=hr-db&query=team_calendar"
PAGES: dict[str, list[tuple[Person, str]]] = {
    "/signed-out": [(ANA, "/signed-out")],
    "/": [(ANA, "/"), (ROB, "/"), (MIA, "/")],
    "/help": [(ANA, "/help")],
    "/help/<name>": [(ANA, "/help/requester"), (ANA, "/help/office-hours")],
    "/catalog": [(ANA, "/catalog"), (MIA, "/catalog?q=nothing")],
    "/new": [(ANA, "/new")],
    "/my/<app_id>": [
        (ANA, "/my/leave-request"),
        (ANA, "/my/a-draft"),
        (ANA, "/my/in-review"),
        (MIA, "/my/leave-request"),
    ],
    "/my/<app_id>/edit": [(ANA, "/my/a-draft/edit")],
    "/my/<app_id>/preview/<page_id>": [(ANA, "/my/a-draft/preview/request")],
    "/my/<app_id>/versions": [(ANA, "/my/leave-request/versions")],
    "/my/<app_id>/versions/compare": [
        (ANA, "/my/leave-request/versions/compare?before={version}&after={version}")
    ],
    "/connectors": [(ANA, "/connectors")],
    "/connectors/<name>": [(ANA, "/connectors/hr-db")],
    "/templates": [(ANA, "/templates")],
    "/templates/<name>": [(ANA, "/templates/hr-self-service")],
    **{
        f"/my/<app_id>/{act}": [(ANA, f"/my/leave-request/{act}")]
        for act in ("suspend", "recertify", "transfer", "retire")
    },
    "/my/<app_id>/lock": [(SAM, "/my/leave-request/lock")],
    "/my/<app_id>/release": [(SAM, "/my/leave-request/release")],
    "/my/<app_id>/offer": [(LEA, "/my/handed-over/offer")],
    "/account": [(ANA, "/account")],
    "/dashboard": [(PAT, "/dashboard")],
    "/exceptions": [(ROB, "/exceptions")],
    "/exports/allow": [(ROB, EXPORT)],
    "/persons": [(DORA, "/persons")],
    "/reports": [(ADA, "/reports?asked=soc2-2026-04-01-0a1b2c3d")],
    "/reports/<report_id>": [(ADA, "/reports/soc2-2026-03")],
    "/audit": [(PAT, "/audit"), (PAT, "/audit?text=nothing")],
    "/audit/<log>/<number>": [(PAT, "/audit/3y/29")],
    "/secrets": [(PAT, "/secrets")],
    "/policies": [(ANA, "/policies"), (ANA, "/policies?topic=connector+files")],
    "/policies/impact": [(PAT, "/policies/impact")],
    "/approvals": [(ROB, "/approvals")],
    "/approvals/<locator>": [(ROB, "/approvals/{locator}")],
}
FAILING = [(ANA, "/no/such/page"), (MIA, "/secrets")]
STILL = 0.02
"""Of the screen: where a page is cut while it arrives, its last line may move. 0.1 counts as good."""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((seen) => {
  for (const shift of seen.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def names() -> dict[str, str]:
    """Something stands on every page; these are names that addresses need."""
    version = published(leave_request()).in_use
    leave_request(app_id="a-draft")
    published(leave_request(app_id="handed-over"))
    Visitor.of(ANA).post("/my/handed-over/transfer", to=LEA.email, reason="I change teams.")
    kept_secrets()
    shelved_report()
    locator = waiting(leave_request(app_id="in-review"))[1]
    return {"locator": locator, "version": str(version)}


@dataclass
class Visit:
    """One page as one person sees it, and what is wrong with it."""

    page: Page
    loaded: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(SHIFTS)
        self.page.on("requestfinished", lambda request: self.loaded.append(request))  # noqa: PLW0108 - wants a function
        self.page.on("console", lambda message: self.complaints.append(message.text))

    def wrong(self) -> Iterator[str]:
        """All that is wrong, in words."""
        for violation in Axe().run(self.page).response["violations"]:
            yield f"axe: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
        width, shown = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if width > shown:
            yield f"{width} px wide on {shown}"
        if (shifted := self.page.evaluate("window.shifted")) > STILL:
            yield f"moves while it loads: {shifted}"
        if (weight := sum(self._weights())) >= 100_000:
            yield f"{weight} bytes"
        yield from (text for text in self.complaints if "the server responded with a status of" not in text)

    def _weights(self) -> Iterator[int]:
        """Of everything the page itself loads; a preview's frame is the micro app's."""
        return (each.sizes()["responseBodySize"] for each in self.loaded if "/frame" not in each.url)


def test_every_address_is_a_page_to_be_looked_at_or_known_to_be_none() -> None:
    asked = {route.path for route in ROUTES if route.method == "GET"}
    assert asked == PAGES.keys() | (NO_PAGES.keys() & asked)
    assert not PAGES.keys() & NO_PAGES.keys()


@pytest.mark.parametrize(
    ("scheme", "width", "language"),
    [("light", 1280, "en"), ("dark", 360, "de")],
)
def test_no_page_has_a_barrier_or_moves_or_is_too_wide_or_too_heavy(
    portal: str, chromium: Browser, names: dict[str, str], scheme: str, width: int, language: str
) -> None:
    wrong = []
    for person, path in [*(visit for visits in PAGES.values() for visit in visits), *FAILING]:
        screen = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}, "locale": language}
        with tab(chromium, **screen) as page:
            signed(page, portal, person)
            visit = Visit(page)
            answer = page.goto(portal + path.format(**names))
            assert answer
            assert answer.ok or (person, path) in FAILING, f"{path}: {answer.status}"
            assert page.locator("html").get_attribute("lang") == language
            wrong += [f"{path}: {what}" for what in visit.wrong()]
    assert not wrong, "\n".join(wrong)
