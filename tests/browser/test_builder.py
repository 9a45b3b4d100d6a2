"""An app of one's own design, from sign-in to submission, by the form only: mouse, keyboard, phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.gates.model import GateContext
from appguard.gates.runner import run
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.portal.drafting import WHILE_TYPING
from appguard.runtime.pages import FormPage, TablePage
from tests.browser.portal import clean, ledger, portal, signed, tab
from tests.unit.portal.world import ANA, leave_request, published

__all__ = ["clean", "ledger", "portal"]  # the fixtures
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clean")]
APP = "/my/equipment-desk"
PURPOSE = "People borrow laptops and cameras; today a list on paper hangs at the desk and nobody keeps it."


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def settle(self) -> None:
        """Whatever was asked for has been answered and shown."""
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def press(self, it: Locator) -> None:
        it.click()
        self.settle()

    def write(self, it: Locator, text: str) -> None:
        it.fill(text)

    def choose(self, it: Locator, option: str) -> None:
        it.select_option(label=option)

    def tick(self, it: Locator) -> None:
        it.check()


class Keyboard(Mouse):
    """Never touches the mouse: everything is reached by Tab."""

    def go(self, it: Locator) -> None:
        it.wait_for(state="attached")
        for _ in range(400):
            if it.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {it}")

    def press(self, it: Locator) -> None:
        self.go(it)
        self.page.keyboard.press("Enter")
        self.settle()

    def write(self, it: Locator, text: str) -> None:
        self.go(it)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, it: Locator, option: str) -> None:
        self.go(it)
        for _ in range(80):
            if it.evaluate("e => e.selectedOptions[0].label") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option} cannot be chosen")

    def tick(self, it: Locator) -> None:
        """Tab reaches a group of radio buttons at its first one; arrows choose among them."""
        first = self.page.locator(f"input[name={it.get_attribute('name')}]").first
        self.go(first)
        self.page.keyboard.press("Space")
        while not it.is_checked():
            self.page.keyboard.press("ArrowDown")


def sign_in(page: Page, hands: Mouse, address: str) -> None:
    page.goto(address)
    hands.press(page.locator("button[value='ana@example.com']"))


def ask(page: Page, hands: Mouse) -> None:
    """The one-page form, with nothing to start from."""
    hands.write(page.get_by_label("Name", exact=True), "Equipment desk")
    hands.write(page.get_by_label("Purpose"), PURPOSE)
    hands.write(page.get_by_label("Team", exact=True), "Facilities")
    for name, value in (
        ("users", "employees"),
        ("data_class", "personal"),
        ("criticality", "low"),
        ("template", "nothing"),
    ):
        hands.tick(page.locator(f"input[name={name}][value={value}]"))
    hands.press(page.get_by_role("button", name="Create the draft"))
    page.wait_for_url(f"**{APP}?new=1")


def design(page: Page, hands: Mouse) -> None:
    """A form and a table, changed from what the connector proposes."""
    hands.press(page.get_by_role("link", name="Make it yours"))
    hands.choose(page.get_by_label("A form that sends"), "Borrow something (Personal)")
    hands.press(page.get_by_role("button", name="Add form"))
    expect(page.get_by_role("status")).to_contain_text("“Borrow something” was added")
    hands.write(page.get_by_label("Title"), "Borrow equipment")
    hands.press(page.get_by_role("button", name="Done"))
    hands.press(page.get_by_role("button", name="Item", exact=True))
    hands.choose(page.get_by_label("Kind", exact=True), "One of a fixed list")
    hands.press(page.get_by_role("button", name="Done"))
    hands.press(page.get_by_role("button", name="Item", exact=True))
    hands.write(page.get_by_label("To choose from, one a line"), "Laptop 14\nCamera\nAdapter")
    hands.write(page.get_by_label("Label"), "What do you need?")
    hands.press(page.get_by_role("button", name="Done"))
    hands.press(page.get_by_role("button", name="Remove: Deposit"))
    hands.choose(page.get_by_label("A table that shows"), "Equipment lent to me (Personal)")
    hands.press(page.get_by_role("button", name="Add table"))
    expect(page.get_by_role("status")).to_contain_text("“Equipment lent to me” was added")
    table = page.get_by_role("region", name="Page Equipment lent to me")
    hands.press(table.get_by_role("button", name="Move up: Due on"))
    expect(page.locator("#text")).to_have_value(re.compile(r"name: due_on\n +- name: lent_on"))
    hands.press(page.get_by_role("button", name="Save the draft"))
    expect(page.get_by_role("status")).to_contain_text("Saved as version")


def submit(page: Page, hands: Mouse) -> None:
    """Try it as it stands, then submit it from its page."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/frame" in answer.url):
        hands.press(page.get_by_role("button", name="Borrow equipment").last)
    expect(page.frame_locator("iframe").get_by_text("What do you need?")).to_be_visible()
    hands.press(page.get_by_role("link", name="Submit it from its page"))
    expect(page.locator(".guide li.done")).to_have_count(3)
    hands.press(page.get_by_role("button", name="Submit version"))
    expect(page.locator("#progress")).to_contain_text("Submitted")


def saved() -> Bundle:
    app = catalog().get(AppId("equipment-desk"))
    assert app.draft
    return catalog().bundle(app.draft)


def is_as_designed(bundle: Bundle) -> None:
    borrow, mine = bundle.manifest().pages
    assert isinstance(borrow, FormPage)
    assert isinstance(mine, TablePage)
    assert [(field.label, field.type) for field in borrow.fields] == [
        ("What do you need?", "choice"),
        ("Due on", "date"),
        ("Note", "text"),
    ]
    assert [column.name for column in mine.columns] == ["item", "due_on", "lent_on", "status", "deposit"]
    report = run(bundle, GateContext.in_force(), seconds=WHILE_TYPING)
    assert report.decision == "needs_approval"


WAYS = {
    "with the mouse": (Mouse, {}),
    "without script": (Mouse, {"java_script_enabled": False}),
    "on a phone": (Mouse, {"viewport": {"width": 360, "height": 740}}),
    "with the keyboard alone": (Keyboard, {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_app_of_ones_own_design_is_made_and_submitted(portal: str, chromium: Browser, way: str) -> None:
    hand, options = WAYS[way]
    with tab(chromium, **options) as page:
        hands = hand(page)
        sign_in(page, hands, f"{portal}/new")
        ask(page, hands)
        design(page, hands)
        is_as_designed(saved())
        if way == "on a phone":
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        submit(page, hands)


def test_a_mistake_is_shown_beside_its_control_while_typing_and_the_focus_stays(
    portal: str, chromium: Browser
) -> None:
    leave_request()
    with tab(chromium) as page:
        signed(page, portal, ANA)
        page.goto(f"{portal}/my/leave-request/edit")
        page.get_by_role("button", name="First day", exact=True).click()
        label = page.get_by_label("Label")
        expect(label).to_be_focused()
        label.press("Control+A")
        label.press_sequentially("From the ")
        expect(page.locator("#text")).to_have_value(re.compile("label: From the\n"))
        label.press_sequentially("first")
        expect(page.locator("#text")).to_have_value(re.compile("label: From the first\n"))
        expect(label).to_have_value("From the first")
        expect(label).to_be_focused()
        label.fill("")
        expect(page.locator("#found-label")).to_contain_text("at least 1 character")
        expect(page.locator("#checked")).to_contain_text("It would be refused.")
        page.locator("#text").press("Control+Home")
        page.locator("#text").press_sequentially("a: &a 1\n")
        expect(page.locator("#form-side")).to_contain_text("The form cannot show this text.")
        for _ in range(8):
            page.keyboard.press("Backspace")
        expect(page.get_by_role("heading", name="Add a page")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_builder_and_the_versions_have_no_barrier_and_fit_a_phone(
    portal: str, chromium: Browser, scheme: str
) -> None:
    first = published(leave_request())
    text = catalog().bundle(first.in_use).files[MANIFEST].replace(b"Ask for leave", b"Ask")
    files = {**catalog().bundle(first.in_use).files, MANIFEST: text}
    now = catalog().save_draft(first.app_id, Bundle(files), ANA.acting_as(Role.REQUESTER))
    here = "/my/leave-request"
    opened = [f"edit?at={part}" for part in ("metadata", "pages[0]", "pages[0].fields[0]", "pages[1]")]
    compared = f"versions/compare?before={first.in_use}&after={now.draft}"
    barriers = []
    for width in (360, 1440):
        with tab(chromium, color_scheme=scheme, viewport={"width": width, "height": 900}) as page:
            signed(page, portal, ANA)
            for path in (*opened, "versions", compared):
                page.goto(f"{portal}{here}/{path}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                for violation in Axe().run(page).response["violations"]:
                    nodes = [node["target"] for node in violation["nodes"]][:3]
                    barriers.append(f"{path}: {violation['id']} {nodes}")
    assert not barriers, "\n".join(barriers)
