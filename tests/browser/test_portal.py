"""The portal in a real browser, signed in at the local target's identity provider."""

import json
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appguard.approvals.approvals import approvals
from appguard.audit.verify import load_keys, verify_proof
from appguard.gates.replay import active_inputs
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import AppId
from appguard.policy import comparisons as policy_comparisons
from appguard.policy.comparison import Asked
from appguard.policy.comparisons import comparisons
from appguard.policy.releases import releases
from appguard.portal.views import persons
from appguard.reviews.model import Stage, StepInput
from appguard.reviews.reviews import reviews
from tests.browser.portal import clean, ledger, portal, signed, tab
from tests.unit.portal.views.test_persons import SEEN
from tests.unit.portal.world import (
    ANA,
    DORA,
    PAT,
    ROB,
    leave_request,
    published,
    waiting,
)

__all__ = ["clean", "ledger", "portal"]  # the fixtures
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clean")]
HERE = "/my/away-list"


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.locator(f"button[value='{email}'], input[value='{email}']").first.click()


def fill_in(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Away list")
    page.get_by_label("Purpose").fill("Replace the leave spreadsheet that everybody mails around.")
    page.get_by_label("Team", exact=True).fill("People Operations")
    for choice in ("All employees", "Personal", "We can wait some days", "HR self-service"):
        page.locator("label.choice", has_text=choice).first.click()


def reviewer_is_asked() -> str:
    """What the state machine does until a person is asked; returns the link's path."""
    review = reviews().of_app(AppId("away-list"))[0]
    step = StepInput.of(review)
    reviews().reach(step, Stage.CLASSIFIED)
    reviews().reach(step, Stage.CHECKED)
    return f"/approvals/{approvals().ask(step, 'task-token')}"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_sign_in_to_a_decided_app_in_the_browser_only(
    portal: str, chromium: Browser, script: bool
) -> None:
    with tab(chromium, java_script_enabled=script) as ana:
        sign_in(ana, f"{portal}/new", "ana@example.com")
        expect(ana.get_by_role("heading", level=1)).to_have_text("What should your app do?")
        fill_in(ana)
        if script:
            expect(ana.locator("#risk")).to_contain_text("Medium risk")
        else:
            ana.get_by_role("button", name="Explain the risk first").click()
            expect(ana.locator("#risk")).to_contain_text("Medium risk")
        ana.get_by_role("button", name="Create the draft").click()
        ana.wait_for_url(f"**{HERE}?new=1")
        ana.get_by_role("link", name="Edit", exact=True).click()
        text = ana.locator("#text")
        text.fill(text.input_value().replace("Ask for leave", "Ask for days off"))
        ana.get_by_role("button", name="Save the draft").click()
        expect(ana.get_by_role("status")).to_contain_text("Saved as version")
        ana.goto(f"{portal}{HERE}/preview/request")
        expect(ana.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Ask for days off")
        ana.goto(f"{portal}{HERE}")
        ana.get_by_role("button", name="Submit version").click()
        expect(ana.locator("#progress")).to_contain_text("Submitted")
        link = reviewer_is_asked()
        if not script:
            ana.reload()
        expect(ana.locator("#progress")).to_contain_text("A reviewer has been asked")
        with tab(chromium, java_script_enabled=script) as rob:
            sign_in(rob, portal + link, "rob@example.com")
            expect(rob.get_by_role("heading", name="What it may do")).to_be_visible()
            rob.get_by_role("button", name="Approve").click()
            expect(rob.get_by_role("status")).to_contain_text("It now waits for a data owner.")
        with tab(chromium, java_script_enabled=script) as dora:
            sign_in(dora, portal + link, "dora@example.com")
            dora.get_by_role("button", name="Approve").click()
            expect(dora.get_by_role("status")).to_contain_text("Approved by rob@example.com and dora")


def test_a_mistake_is_shown_beside_the_text_while_typing(portal: str, chromium: Browser) -> None:
    leave_request()
    with tab(chromium) as page:
        signed(page, portal, ANA)
        page.goto(f"{portal}/my/leave-request/edit")
        text = page.locator("#text")
        text.press("Control+Home")
        text.press_sequentially("oops: yes\n")
        expect(page.locator("#checked")).to_contain_text("oops is not a key here")
        expect(page.locator("#lines b.bad")).to_have_text("1")


def test_a_comparison_of_policies_is_awaited_with_and_without_scripts(
    portal: str, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(leave_request())
    asked: list[Asked] = []
    monkeypatch.setattr(policy_comparisons, "_ask", asked.append)
    comparisons.cache_clear()
    rule = "rego/lifecycle/retirement-late/rule.rego"
    folder = shutil.copytree(policies_dir(), tmp_path / "policies")
    (folder / rule).write_text((folder / rule).read_text().replace("months > 12", "months > 1"))
    address = f"{portal}/policies/impact?digest={releases().stage(folder)}"
    with tab(chromium) as page, tab(chromium, java_script_enabled=False) as plain:
        for one in (page, plain):
            signed(one, portal, PAT)
            one.goto(address)
        page.get_by_role("button", name="Compare with what is in force").click()
        plain.reload()
        for one in (page, plain):
            expect(one.get_by_text("0 apps examined so far")).to_be_visible()
        comparisons().run(asked[0], active_inputs)
        for one in (page, plain):
            expect(one.get_by_role("heading", name="1 app in use, 0 unchanged")).to_be_visible(timeout=15_000)
            expect(one.get_by_role("button", name="Propose this version")).to_be_visible()


def test_a_decision_can_be_made_with_the_keyboard_alone(portal: str, chromium: Browser) -> None:
    _, locator = waiting(leave_request())
    with tab(chromium) as page:
        signed(page, portal, ROB)
        page.goto(f"{portal}/approvals/{locator}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "comment":
                break
        page.keyboard.type("Looks right.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Your approval is recorded.")


def test_who_saw_a_person_is_shown_without_a_barrier_and_on_a_phone(
    portal: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persons, "ask_here", lambda _: {"known_since": SEEN["at"], "sightings": [SEEN] * 3})
    for width in (360, 1280):
        with tab(chromium, viewport={"width": width, "height": 900}) as page:
            signed(page, portal, DORA)
            page.goto(f"{portal}/persons")
            page.get_by_label("E-mail address or number of the person").fill("ana@example.com")
            page.get_by_role("button", name="Show").click()
            expect(page.get_by_role("button", name="Forget the person")).to_be_visible()
            assert "ana@example.com" not in page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_auditor_finds_an_entry_and_takes_its_proof_away(
    portal: str, chromium: Browser, ledger: Path, scripts: bool
) -> None:
    with tab(chromium, java_script_enabled=scripts) as page:
        signed(page, portal, PAT)
        page.goto(f"{portal}/audit")
        page.get_by_label("Action", exact=True).fill("data.")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="Older", exact=True)).to_be_visible()
        expect(page).to_have_url(re.compile(r"/audit\?.*action=data\."))
        page.get_by_label("Result", exact=True).select_option("Denied")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name="Older", exact=True)).not_to_be_visible()
        page.locator("tbody a").first.click()
        expect(page.get_by_text("Holds", exact=True)).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the proof").click()
        proof = json.loads(download.value.path().read_text())
    keys = load_keys((ledger / "ledger-key.pem").read_bytes())
    assert verify_proof(proof, keys)["action"] == "data.exported"
