import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.ledger import written

__all__ = ["chromium", "written"]  # the fixtures

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for these tests, gone after them: its event loop is in the way of others in the process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
