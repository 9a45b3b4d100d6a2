"""Linking an app to a repository, and what owner and reviewer see of what came from there."""

import pytest

from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.kernel.ids import AppId
from appguard.provenance.sources import sources
from appguard.reviews.model import StepInput
from appguard.reviews.reviews import reviews
from appguard.reviews.steps import Judgement, Steps
from appguard.submissions.links import links
from tests.support.git_source import OURS, git
from tests.unit.portal.world import (
    ADA,
    ANA,
    MIA,
    PAT,
    ROB,
    Browser,
    leave_request,
    published,
    submitted,
    waiting,
)

HERE = "/my/leave-request"
FORGE = "- {kind: github, issuer: https://token.actions.githubusercontent.com, address: https://github.com}"


@pytest.fixture(autouse=True)
def believed(tmp_path, monkeypatch):
    """GitHub may submit; nothing there is protected until a test says so."""
    file = tmp_path / "sources.yaml"

    def write(protected: str = "[]", forges: str = f"\n  {FORGE}") -> None:
        file.write_text(f"forges: {forges}\nrepositories: {protected}\n")
        sources.cache_clear()

    monkeypatch.setenv("SOURCES_FILE", str(file))
    write()
    yield write
    sources.cache_clear()


def link(browser: Browser, repository: str = OURS, folder: str = ""):
    return browser.post(f"{HERE}/repository", repository=repository, folder=folder)


def test_the_owner_links_a_repository_and_the_page_says_so():
    leave_request()
    browser = Browser.of(ANA)
    assert "Link a repository" in browser.get(HERE).body

    assert link(browser, f"{OURS}.git", "apps/leave").status == 303

    page = browser.get(HERE).body
    assert f'href="{OURS}"' in page
    assert "apps/leave" in page
    assert "by ana@example.com" in page
    assert "Link a repository" not in page


def test_the_page_says_early_that_personal_data_may_not_come_from_there(believed):
    leave_request()
    link(Browser.of(ANA))
    assert "a version that touches personal data is refused from there" in Browser.of(ANA).get(HERE).body

    believed(protected=f"[{{url: {OURS}, refs: [refs/heads/main]}}]")
    page = Browser.of(ANA).get(HERE).body
    assert "Personal data may come from <code>refs/heads/main</code>." in page


def test_the_owner_unlinks_it():
    leave_request()
    browser = Browser.of(ANA)
    link(browser)
    assert browser.post(f"{HERE}/repository/unlink").status == 303
    assert links().of(AppId("leave-request")) is None


@pytest.mark.parametrize("who", [MIA, ROB, PAT, ADA], ids=lambda person: person.name)
def test_nobody_else_links_or_unlinks(who):
    published(leave_request())
    link(Browser.of(ANA))
    browser = Browser.of(who)
    assert link(browser, "https://github.com/evil/app").status == 403
    assert browser.post(f"{HERE}/repository/unlink").status == 403
    assert links().of(AppId("leave-request")).repository == OURS


def test_another_requester_does_not_link_it_either():
    leave_request(owner=ROB)
    published(catalog().get(AppId("leave-request")))
    assert link(Browser.of(ANA)).status == 403


def test_a_form_from_another_page_links_nothing():
    leave_request()
    assert Browser.of(ANA).post(f"{HERE}/repository", csrf="forged", repository=OURS).status == 403


def test_an_address_elsewhere_is_explained():
    leave_request()
    answer = link(Browser.of(ANA), "https://elsewhere.example.com/a/b")
    assert (answer.status, "https://github.com" in answer.body) == (400, True)


def test_where_no_git_service_may_submit_the_page_offers_nothing(believed):
    believed(forges="[]")
    leave_request()
    assert "From Git" not in Browser.of(ANA).get(HERE).body


def test_those_who_watch_over_apps_see_the_link_and_cannot_change_it():
    leave_request()
    link(Browser.of(ANA))
    page = Browser.of(ADA).get(HERE).body
    assert OURS in page
    assert "/repository" not in page


def test_the_review_says_which_commit_it_looks_at():
    submitted(leave_request(), source=git())
    page = Browser.of(ANA).get(HERE).body
    assert "Sent from Git by octocat" in page
    assert f'href="{OURS}/commit/{"a" * 40}"' in page


def test_the_reviewer_sees_repository_ref_commit_and_login():
    _, locator = waiting(leave_request(), source=git(guarded=False))
    page = Browser.of(ROB).get(f"/approvals/{locator}").body

    for shown in (
        OURS,
        "refs/heads/main",
        f"{OURS}/commit/{'a' * 40}",
        "octocat",
        "check.yml",
        "Not protected",
    ):
        assert shown in page


def test_of_what_was_written_in_the_portal_the_reviewer_is_told_no_such_thing():
    _, locator = waiting(leave_request())
    assert "Where it comes from" not in Browser.of(ROB).get(f"/approvals/{locator}").body


def test_what_was_refused_for_its_branch_can_be_submitted_here_as_it_is():
    app = leave_request()
    step = StepInput.of(submitted(app, source=git()))
    steps = Steps(reviews(), catalog(), lambda _: [], lambda _: None, lambda _: None, "https://x.example.com")
    steps.refuse(step, Judgement())
    browser = Browser.of(ANA)

    assert f"Submit version {app.draft[7:19]}" in browser.get(HERE).body
    assert browser.post(f"{HERE}/submit", digest=app.draft).status == 303
    assert catalog().get(app.app_id).state is State.IN_REVIEW
