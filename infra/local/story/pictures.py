"""The pictures in the documentation, taken from a running platform: `python -m infra.local.story.pictures`.

The story runs up to each place worth seeing; there a browser signs in and takes the picture.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from infra.local.platform import up
from infra.local.story.__main__ import begin
from infra.local.story.cast import ANA, MIA, ROB, Story
from infra.local.story.chapters import build, review, use
from infra.local.story.ground import Ground

FOLDER = Path(__file__).parents[3] / "docs" / "images"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def main() -> int:
    """Exit status 0 when all pictures were taken."""
    story = begin(Ground(endpoints := up()), endpoints)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for name in _taken(story, browser):
            Console().print(f"docs/images/{name}.png")
        browser.close()
    return 0


def _taken(story: Story, browser: Browser) -> Iterator[str]:
    with _seen_by(browser, story, ANA) as page:
        yield _take(page, "portal-home")
        _fill_in_intent(page, story)
        yield _take(page, "portal-intent")
    for step in (build.ask, build.edit):
        step(story)
    with _seen_by(browser, story, ANA) as page:
        _open(page, story, ANA, f"{story.app_page}/edit")
        yield _take(page, "portal-editor")
        _open(page, story, ANA, f"{story.app_page}/preview/team")
        yield _take(page, "portal-preview")
        build.hand_in(story)
        _open(page, story, ANA, story.app_page)
        yield _take(page, "portal-progress")
    review.receive(story)
    with _seen_by(browser, story, ROB) as page:
        page.goto(story.seen["link"])
        yield _take(page, "portal-approval")
    for step in (review.agree, review.approve, review.publish, use.send_form):
        step(story)
    with _seen_by(browser, story, MIA) as page:
        _open(page, story, MIA, "/catalog")
        yield _take(page, "portal-catalog")
        _open(page, story, MIA, f"{story.app_path}/pages/request")
        yield _take(page, "app-form")
        _open(page, story, MIA, f"{story.app_path}/pages/team")
        yield _take(page, "app-table")
        _open(page, story, MIA, f"{story.app_path}/pages/team/export")
        page.fill("textarea", "To plan the shifts in a spreadsheet of my own.")
        page.click("main button")
        yield _take(page, "app-export-blocked")
    with _seen_by(browser, story, ANA, width=390, scheme="dark") as page:
        _open(page, story, ANA, f"{story.app_path}/pages/request")
        yield _take(page, "app-phone")


def _fill_in_intent(page: Page, story: Story) -> None:
    _open(page, story, ANA, "/new")
    page.fill("#name", "Leave request")
    page.fill("#purpose", "Replace the leave spreadsheet that is sent around by e-mail.")
    page.fill("#team", "People operations")
    for name, value in {"users": "employees", "data_class": "personal", "criticality": "low"}.items():
        page.check(f"input[name={name}][value={value}]")
    page.locator("#risk >> text=Why").wait_for()


@contextmanager
def _seen_by(
    browser: Browser, story: Story, email: str, width: int = 1200, scheme: str = "light"
) -> Iterator[Page]:
    """A window in which `email` is signed in to the portal."""
    context = browser.new_context(
        viewport={"width": width, "height": 860},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    _open(page, story, email, "/")
    yield page
    context.close()


def _open(page: Page, story: Story, email: str, path: str) -> None:
    """Go there, saying who one is where the way leads past the identity provider."""
    page.goto(f"{story.endpoints.portal}{path}")
    if page.url.startswith(story.endpoints.oidc_issuer):
        page.click(f'button[value="{email}"]')
        page.wait_for_url(f"{story.endpoints.portal}/**")


def _take(page: Page, name: str) -> str:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    return name


if __name__ == "__main__":
    sys.exit(main())
