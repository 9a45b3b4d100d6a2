import re

import pytest

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.kernel.event import Role
from tests.unit.portal.world import ADA, ANA, MIA, ROB, Browser, leave_request, published, submitted

HERE = "/my/leave-request/versions"


def changed(app, old, new):
    bundle = catalog().bundle(app.draft)
    text = bundle.files[MANIFEST].decode().replace(old, new)
    files = {**bundle.files, MANIFEST: text.encode()}
    return catalog().save_draft(app.app_id, Bundle(files), ANA.acting_as(Role.REQUESTER))


def two():
    """A version in use and a draft that reads less."""
    first = published(leave_request())
    return first, changed(first, "[my_leave_balance, my_leave_requests, team_calendar]", "[my_leave_balance]")


def test_submitted_versions_and_the_draft_are_listed_with_what_came_of_them():
    first, now = two()
    submitted(now)
    body = Browser.of(ANA).get(HERE).body
    assert now.draft.hex[:12] in body
    assert first.draft.hex[:12] in body
    assert "In review" in body
    assert "by ana@example.com" in body
    assert re.search(r"In use</span>", body)


def test_two_versions_are_compared_in_words_and_by_line():
    first, now = two()
    body = Browser.of(ANA).get(f"{HERE}/compare?before={first.draft}&after={now.draft}").body
    assert "Gone" in body
    assert "Who is away in my team" in body
    assert "<del>-    queries: [my_leave_balance, my_leave_requests, team_calendar]" in body
    assert "<ins>+    queries: [my_leave_balance]" in body


def test_a_version_that_cannot_be_read_is_compared_by_its_files():
    app = leave_request()
    submitted(app)
    catalog().bundle(app.draft)
    body = Browser.of(ANA).get(f"{HERE}/compare?before={app.draft}&after={app.draft}").body
    assert "The files are the same." in body


def test_an_earlier_version_becomes_the_draft_and_what_is_in_use_stays():
    first, now = two()
    browser = Browser.of(ANA)
    answer = browser.post(f"{HERE}/restore", version=first.draft, draft=now.draft)
    assert answer.status == 303
    assert "is your draft again" in browser.get(answer.headers["location"]).body
    after = catalog().get(first.app_id)
    assert after.draft == first.draft == after.in_use


def test_a_draft_saved_meanwhile_is_not_overwritten():
    first, now = two()
    changed(now, "name: Leave request", "name: Newer")
    assert Browser.of(ANA).post(f"{HERE}/restore", version=first.draft, draft=now.draft).status == 409


def test_no_other_apps_files_are_read_or_taken_by_their_digest():
    first, now = two()
    other = changed(leave_request(app_id="secret-app"), "Leave request", "Secret")
    browser = Browser.of(ANA)
    assert browser.get(f"{HERE}/compare?before={first.draft}&after={other.draft}").status == 404
    assert browser.post(f"{HERE}/restore", version=other.draft, draft=now.draft).status == 404
    for digest in ("", "x", "sha256:" + "0" * 64):
        assert browser.get(f"{HERE}/compare?before={digest}&after={first.draft}").status == 404


@pytest.mark.parametrize(("person", "status"), [(ADA, 200), (ROB, 200), (MIA, 404)])
def test_who_watches_over_apps_may_look_and_others_not(person, status):
    first, now = two()
    browser = Browser.of(person)
    for path in ("", f"/compare?before={first.draft}&after={now.draft}"):
        answer = browser.get(HERE + path)
        assert answer.status == status
        assert "Make it the draft" not in answer.body
    assert browser.post(f"{HERE}/restore", version=first.draft, draft=now.draft).status == 403


def test_markup_in_a_file_stays_text():
    app = leave_request()
    bundle = catalog().bundle(app.draft)
    submitted(app)
    evil = {**bundle.files, "notes.txt": b"</pre><script>alert(1)</script>\n"}
    now = catalog().save_draft(app.app_id, Bundle(evil), ANA.acting_as(Role.REQUESTER))
    body = Browser.of(ANA).get(f"{HERE}/compare?before={app.draft}&after={now.draft}").body
    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert" not in body
