"""The page of a report as its readers open it: from a file, without a server."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from appguard.reports.as_html import html_of
from appguard.reports.catalogue import FrameworkName, catalogue
from appguard.reports.figures.compute import figures
from appguard.reports.history import read
from appguard.reports.model import LedgerCheck, Period
from appguard.reports.report import report, rules_in
from appguard.reports.words.write import write
from appguard.secrets.policy import secret_policy
from tests.support.reported import END, START, told

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_has_no_barrier_that_axe_knows_and_nothing_to_complain_of(
    chromium: Browser, tmp_path: Path, scheme: str
) -> None:
    ages = {kind.value: rule.alarm_days for kind, rule in secret_policy().ages.items()}
    found = figures(read(told(20, 300), END), LedgerCheck(), Period(since=START, until=END), ages)
    name = FrameworkName.ISO27001
    made = report(
        "iso27001-2026-03", name, catalogue().frameworks[name], found, rules_in(Path("policies")), END
    )
    file = tmp_path / "report.html"
    file.write_bytes(html_of(write(made)))
    page = chromium.new_page(color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    assert complaints == []
    page.close()
    # The page's own policy keeps axe out, as it does every script.
    free = chromium.new_context(color_scheme=scheme, bypass_csp=True).new_page()
    free.goto(file.as_uri())
    barriers = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(free).response["violations"]]
    assert barriers == []
    free.context.close()
