import pytest

from appguard.portal.views import preview
from appguard.runtime.preview import render
from tests.unit.portal.views.test_builder import text_in
from tests.unit.portal.world import ANA, ROB, Browser, leave_request, published, submitted

DONE = 'class="done"'
PAGE = "/my/away-list"
ASKED = {
    "name": "Away list",
    "team": "People Operations",
    "purpose": "Replace the leave spreadsheet that everybody mails around.",
    "users": "employees",
    "data_class": "personal",
    "criticality": "low",
}


@pytest.fixture
def sandbox(monkeypatch):
    monkeypatch.setattr(preview, "_sandbox", lambda event: render(event, None))


def ticked(body):
    guide = body[body.index('class="card guide"') :]
    return guide[: guide.index("</section>")].count(DONE)


@pytest.mark.parametrize("template", ["hr-self-service", "nothing"])
def test_steps_are_ticked_by_what_has_happened(sandbox, template):
    browser = Browser.of(ANA)
    browser.post("/new", template=template, **ASKED)
    first = browser.get(PAGE).body
    assert ticked(first) == 1
    assert '<a href="/my/away-list/edit">Make it yours</a>' in first
    editor = browser.get(f"{PAGE}/edit").body
    added = {"pick:x": "hr-db/my_leave_balance"}
    changed = browser.post(f"{PAGE}/edit/change", text=text_in(editor), do="table:x", **added)
    browser.post(f"{PAGE}/edit", text=text_in(changed.body), digest=draft_in(editor))
    assert ticked(browser.get(PAGE).body) == 2
    browser.get(f"{PAGE}/preview/my-leave-balance")
    assert ticked(browser.get(PAGE).body) == 3
    assert ticked(browser.get("/").body) == 3


def draft_in(body):
    return body.split('name="digest" value="')[1].split('"')[0]


def test_a_submitted_app_and_one_in_use_are_that_far():
    submitted(leave_request())
    assert ticked(Browser.of(ANA).get("/my/leave-request").body) == 3
    published(leave_request(app_id="in-use"))
    assert ticked(Browser.of(ANA).get("/my/in-use").body) == 4


def test_the_guide_is_put_away_and_comes_back():
    leave_request()
    browser = Browser.of(ANA)
    answer = browser.post("/guide", back="/my/leave-request")
    assert (answer.status, answer.headers["location"]) == (303, "/my/leave-request")
    assert "Put the guide away" not in browser.get("/my/leave-request").body
    browser.post("/guide", back="https://evil.example.com/", show="yes")
    assert "Put the guide away" in browser.get("/my/leave-request").body
    assert browser.post("/guide", back="//evil.example.com").headers["location"] == "/"


def test_only_its_owner_is_guided():
    leave_request()
    assert "Put the guide away" not in Browser.of(ROB).get("/my/leave-request").body


def test_what_a_browser_says_it_tried_is_no_markup(sandbox):
    leave_request()
    browser = Browser.of(ANA)
    browser.cookies["appguard_tried"] = "leave-request.<script>." + ".".join(["a" * 30] * 200)
    assert "<script>." not in browser.get("/my/leave-request").body
    browser.get("/my/leave-request/preview/request")
    assert len(browser.cookies["appguard_tried"]) < 1000
