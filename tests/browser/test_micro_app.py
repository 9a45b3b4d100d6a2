"""A micro app in a real browser, signed in at a real identity provider."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appguard.runtime import app_definition, handler
from tests.browser.identity_provider import provider
from tests.browser.micro_app import APP, FakeBroker, Running, environment, server

pytestmark = pytest.mark.browser
CACHES = (handler.settings, handler.site, app_definition.app_definition)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The handler as its stack would set it up, the identity provider of the local target beside it."""
    folder = tmp_path_factory.mktemp("micro-app")
    path = folder / "app.json"
    path.write_text(json.dumps(APP))
    with pytest.MonkeyPatch.context() as patch, server(handler.serve, FakeBroker()) as up:
        patch.setattr(app_definition, "BESIDE_THE_PACKAGE", path)
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with provider(up.origin, folder / "key.pem") as issuer:
            for name, value in environment(up, issuer).items():
                patch.setenv(name, value)
            for cached in CACHES:
                cached.cache_clear()
            yield up
    for cached in CACHES:
        cached.cache_clear()


@pytest.fixture(autouse=True)
def forget_calls(running: Running) -> None:
    running.broker.calls.clear()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Without JavaScript: everything must work."""
    fresh = chromium.new_context(java_script_enabled=False)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in(page: Page, running: Running, path: str = "/") -> None:
    page.goto(running.app_url + path)
    page.locator("button[value='ana@example.com']").click()


def test_a_visitor_signs_in_and_lands_where_they_wanted_to_go(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/team?page=2")
    expect(page).to_have_url(running.app_url + "/pages/team?page=2")
    expect(page.get_by_role("heading", name="Team calendar")).to_be_visible()
    expect(page.get_by_text("Page 2 of 3", exact=True)).to_be_visible()


def test_the_session_cookie_is_out_of_reach_and_bound_to_the_app(
    page: Page, running: Running, context: BrowserContext
) -> None:
    sign_in(page, running)
    [cookie] = [cookie for cookie in context.cookies() if cookie["name"] == "appguard-app-session"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["path"] == "/apps/leave-request"
    assert "ana@example.com" not in cookie["value"]


def test_a_form_is_checked_on_the_server_and_keeps_what_was_typed(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/ask")
    page.get_by_label("First day").fill("2026-08-14")
    page.get_by_label("Last day").fill("2026-08-10")
    page.get_by_label("Reason").fill("<b>Summer</b>")
    page.get_by_role("button", name="Send").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Last day must be the same as or after First day")
    expect(alert).to_contain_text("Tick")
    expect(page.get_by_label("Reason")).to_have_value("<b>Summer</b>")
    expect(page).to_have_title("Error: Ask for leave · Leave request")
    assert running.broker.calls == []


def test_a_good_form_reaches_the_broker_once_and_is_acknowledged(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/ask")
    page.get_by_label("Annual").check()
    page.get_by_label("First day").fill("2026-08-10")
    page.get_by_label("Last day").fill("2026-08-14")
    page.get_by_label("I have handed over my work").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    expect(page.get_by_text("Your request is with your manager.")).to_be_visible()
    sent = {"leave_type": "annual", "starts_on": "2026-08-10", "ends_on": "2026-08-14"}
    assert running.broker.calls == [("hr-db/commands/request_leave", {"parameters": sent})]
    page.reload()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_the_summary_of_errors_has_the_focus(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/ask")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".summary")).to_be_focused()


def test_masked_columns_say_so(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/team")
    expect(page.get_by_role("columnheader", name="Birth date Masked")).to_be_visible()
    expect(page.get_by_text("Birth date is masked")).to_be_visible()


def test_an_attempt_to_export_personal_data_is_refused_with_the_remedy(page: Page, running: Running) -> None:
    sign_in(page, running, "/pages/team")
    page.get_by_role("link", name="Export").click()
    page.get_by_label("What do you need the file for?").fill("Planning the summer")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", name="This export is blocked")).to_be_visible()
    expect(page.get_by_text("exports of personal data are blocked")).to_be_visible()
    expect(page.get_by_text("ask the data owner for an exception")).to_be_visible()


def test_signing_out_ends_the_session(page: Page, running: Running, context: BrowserContext) -> None:
    sign_in(page, running)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "appguard-app-session"]


@pytest.mark.parametrize("path", ["/", "/pages/ask", "/pages/team", "/pages/balance"])
def test_pages_fit_a_narrow_phone(page: Page, running: Running, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, running, path)
    box = page.locator("main").bounding_box()
    assert box
    assert box["width"] <= 360
    assert page.locator("html").evaluate("html => html.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_meet_wcag_as_far_as_a_program_can_tell(
    chromium: Browser, running: Running, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    sign_in(page, running)
    found = {}
    for path in ("/", "/pages/ask", "/pages/team", "/pages/balance", "/pages/team/export", "/pages/nope"):
        page.goto(running.app_url + path)
        found[path] = [rule["id"] for rule in Axe().run(page).response["violations"]]
    page.goto(running.app_url + "/pages/ask")
    page.get_by_role("button", name="Send").click()
    found["errors"] = [rule["id"] for rule in Axe().run(page).response["violations"]]
    context.close()
    assert {path: rules for path, rules in found.items() if rules} == {}
