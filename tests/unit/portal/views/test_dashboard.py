import csv
from datetime import timedelta

import pytest

from appguard.audit.canonical import canonical
from appguard.kernel.clock import utc_now
from appguard.portal.views import dashboard
from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
from tests.support.searching import SearchFunction
from tests.unit.audit.search.made import event
from tests.unit.portal.world import ADA, ANA, MIA, PAT, ROB, SAM, Browser, leave_request, published

BEGUN = utc_now() - timedelta(days=2)
STORY = [
    ("app.created", 0, {}),
    ("app.submitted", 60, {}),
    ("review.submitted", 61, {}),
    (
        "review.checked",
        62,
        {
            "decision": "needs_approval",
            "took_ms": {"code": 1200},
            "rules": {"=cmd()": 3, "external-egress": 1},
        },
    ),
    ("review.waiting", 63, {}),
    ("review.approved", 303, {}),
    ("review.published", 304, {}),
    ("app.published", 305, {"tier": "high"}),
]
EVENTS = [
    event(
        n,
        action,
        kind="review" if action.startswith("review") else "app",
        at=BEGUN + timedelta(minutes=minutes),
        **said,
    )
    for n, (action, minutes, said) in enumerate(STORY)
]


@pytest.fixture(scope="module")
def folder(written):
    return written({"3y": [len(EVENTS)]}, entry=lambda n: canonical(EVENTS[n]))


@pytest.fixture
def ledger(portal, folder, monkeypatch):
    published(leave_request())
    monkeypatch.setattr(dashboard, "client_here", lambda: SearchFunction(folder))


@pytest.mark.parametrize("person", [PAT, SAM, ADA], ids=lambda p: p.id)
def test_those_who_run_and_watch_the_platform_see_how_fast_apps_come_into_use(ledger, person):
    page = Browser.of(person).get("/dashboard").body
    assert "Waiting for a person" in page
    assert "4.0 h" in page  # from 63 to 303 minutes
    assert "5.1 h" in page  # begun, to in use
    assert "<svg" in page
    assert 'href="/dashboard"' in page


@pytest.mark.parametrize("person", [ANA, MIA, ROB], ids=lambda p: p.id)
@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/figures.csv"])
def test_nobody_else_does(ledger, person, path):
    assert Browser.of(person).get(path).status == 403


def test_days_are_chosen_and_what_lies_outside_of_them_does_not_count(ledger):
    page = Browser.of(PAT).get("/dashboard?from=2025-01-01&to=2025-02-01").body
    assert "Nothing was submitted or published within these days." in page
    assert "Apps by state, now" in page


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-03-02&to=2026-03-01", "from=1900-01-01", "to=0000-00-00"]
)
def test_days_that_are_none_are_refused(ledger, query):
    assert Browser.of(PAT).get(f"/dashboard?{query}").status == 400


def test_the_file_has_every_figure_and_no_formula(ledger):
    answer = Browser.of(PAT).get("/dashboard/figures.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(answer.body.removeprefix("\ufeff").splitlines()))
    assert ["Findings by rule", "'=cmd()", "Findings", "3"] in rows
    assert ["Seconds by stage", "waiting", "Median", "14400.0"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "-"))]


def test_what_rules_are_called_is_text_in_the_chart_too(ledger, folder, monkeypatch):
    hostile = SearchFunction(folder, rules=[{"rule": "<script>x</script>", "findings": 1, "versions": 1}])
    monkeypatch.setattr(dashboard, "client_here", lambda: hostile)
    page = Browser.of(PAT).get("/dashboard").body
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_without_the_ledger_the_page_says_so_and_shows_how_things_stand(ledger, monkeypatch):
    class Silent:
        def invoke(self, **_):
            import io  # noqa: PLC0415

            return {"Payload": io.BytesIO(b'{"errorMessage": "x"}'), "FunctionError": "Unhandled"}

    monkeypatch.setattr(dashboard, "client_here", Silent)
    page = Browser.of(PAT).get("/dashboard")
    assert page.status == 200
    assert "cannot be worked out now" in page.body
    assert "Apps by state, now" in page.body


def test_the_page_has_neither_style_nor_script_of_its_own(ledger):
    page = Browser.of(PAT).get("/dashboard").body
    assert " style=" not in page
    assert "<style" not in page
