"""The form beside the text: what it shows, what its buttons do, and that nothing typed becomes a page."""

import re
from html import unescape

import pytest

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.portal.views import preview
from appguard.runtime.preview import render
from tests.unit.portal.world import ANA, ROB, Browser, leave_request

HERE = "/my/leave-request/edit"
HTMX = {"hx-request": "true"}
EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"


def text_of(app):
    return catalog().bundle(app.draft).files[MANIFEST].decode()


def text_in(body):
    return unescape(re.search(r"<textarea id=\"text\".*?>\n(.*?)</textarea>", body, re.S)[1])


def test_the_form_shows_the_app_in_words():
    leave_request()
    body = Browser.of(ANA).get(HERE).body
    for words in ("Ask for leave", "HR database", "A calendar day, must be filled in", "My leave balance"):
        assert words in body
    assert 'value="open:pages[0].fields[1]"' in body


def test_a_button_changes_the_text_and_saves_nothing():
    app = leave_request()
    answer = Browser.of(ANA).post(f"{HERE}/change", text=text_of(app), do="down:pages[0].fields[1]")
    assert answer.status == 200
    assert text_in(answer.body).index("last_day") < text_in(answer.body).index("first_day")
    assert catalog().get(app.app_id).draft == app.draft


def test_htmx_gets_the_pieces_only():
    app = leave_request()
    piece = Browser.of(ANA).post(
        f"{HERE}/change", headers=HTMX, text=text_of(app), do="open:pages[0].fields[1]"
    )
    assert "<html" not in piece.body
    assert 'id="text-side" hx-swap-oob="true"' in piece.body
    assert piece.body.count('id="was"') == 1
    assert 'name="was.label" value="First day"' in piece.body


def test_what_is_entered_is_found_wrong_beside_the_very_control():
    app = leave_request()
    form = {"opened": "pages[0].fields[1]", "was.label": "First day", "now.label": ""}
    piece = Browser.of(ANA).post(f"{HERE}/enter", headers=HTMX, text=text_of(app), **form)
    beside = re.search(r'id="found-label" hx-swap-oob="true">(.*?)</div>', piece.body, re.S)[1]
    assert "Label: string should have at least 1 character" in beside
    assert "line" not in beside


def test_a_fix_is_offered_beside_the_control_and_keeps_what_is_open():
    app = leave_request()
    wrong = text_of(app).replace("data_class: personal", "data_class: internal")
    piece = Browser.of(ANA).post(f"{HERE}/change", headers=HTMX, text=wrong, do="open:intent").body
    beside = re.search(r'id="found-data_class">(.*?)</div>', piece, re.S)[1]
    fix = re.search(r'name="fix" value="([0-9a-f]{16})"', beside)[1]
    mended = (
        Browser.of(ANA).post("/my/leave-request/fix", headers=HTMX, text=wrong, fix=fix, opened="intent").body
    )
    assert "data_class: personal" in text_in(mended)
    assert 'name="opened" value="intent"' in mended


def test_saving_takes_what_stands_in_the_open_controls_along():
    app = leave_request()
    form = {"opened": "pages[0]", "was.title": "Ask for leave", "now.title": "Away", "digest": app.draft}
    assert Browser.of(ANA).post(HERE, text=text_of(app), **form).status == 303
    assert "title: Away" in text_of(catalog().get(app.app_id))


@pytest.mark.parametrize(
    "text",
    ["a: &a 1\nb: *a\n", "a: 1\na: 2\n", "!!python/object:os.system x\n", "{" * 50, "- " * 21_000, "x\n"],
    ids=["anchors", "twice", "tags", "unclosed", "many", "no mapping"],
)
def test_hostile_text_stays_text(text):
    leave_request()
    browser = Browser.of(ANA)
    for path, do in (
        ("change", "remove:pages[0]"),
        ("change", "open:pages[0]"),
        ("change", "field:pages[0]"),
    ):
        answer = browser.post(
            f"{HERE}/{path}", text=text, do=do, opened="pages[0]", **{"now.title": "x", "was.title": ""}
        )
        assert answer.status in {200, 409, 422}
        assert text_in(answer.body) == text
    assert browser.post(f"{HERE}/enter", headers=HTMX, text=text, opened="pages[0]").status in {200, 409}


def test_a_form_that_cannot_be_shown_says_why_and_comes_back():
    leave_request()
    piece = Browser.of(ANA).post("/my/leave-request/check", headers=HTMX, text="a: &a 1\n").body
    assert "The form cannot show this text." in piece
    assert "anchors and aliases" in piece


def evil_app():
    """Markup in every text a requester may write."""
    app = leave_request()
    text = text_of(app)
    quoted = "'" + EVIL.replace("'", "''") + "'"
    text = re.sub(
        r"(?m)^( *(?:- )?(?:name|title|label|help|description|team|purpose|success): ).*$",
        rf"\1{quoted}",
        text,
    )
    text = text.replace("[annual, parental, special, unpaid]", f"[{quoted}]").replace(
        "query: team_calendar", f"query: {quoted}"
    )
    files = {**catalog().bundle(app.draft).files, MANIFEST: text.encode()}
    return catalog().save_draft(app.app_id, Bundle(files), ANA.acting_as(Role.REQUESTER)), text


@pytest.mark.parametrize(
    "opened", ["metadata", "intent", "pages[0]", "pages[0].fields[0]", "pages[1]", "pages[1].columns[0]"]
)
def test_nothing_a_requester_writes_becomes_markup(opened):
    _, text = evil_app()
    browser = Browser.of(ANA)
    bodies = [
        browser.get(f"{HERE}?at={opened}").body,
        browser.post(f"{HERE}/change", text=text, do=f"open:{opened}").body,
        browser.post(f"{HERE}/enter", headers=HTMX, text=text, opened=opened).body,
        browser.post(
            f"{HERE}/change", text=text, do=f"remove:{EVIL}", opened=EVIL, **{f"pick:{EVIL}": EVIL}
        ).body,
    ]
    for body in bodies:
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "49" not in re.findall(r"'(\d+)'", body)


def test_only_the_owner_presses_buttons_and_only_with_a_token():
    app = leave_request()
    other = Browser.of(ROB.model_copy(update={"groups": frozenset({"requesters", "reviewers"})}))
    for path in ("edit/change", "edit/enter", "preview/request/frame"):
        assert other.post(f"/my/leave-request/{path}", text=text_of(app), do="apply").status == 403
        assert Browser.of(ANA).post(f"/my/leave-request/{path}", csrf="", text=text_of(app)).status == 403


def test_the_preview_shows_what_is_typed_and_not_saved(monkeypatch):
    monkeypatch.setattr(preview, "_sandbox", lambda event: render(event, None))
    app = leave_request()
    browser = Browser.of(ANA)
    typed = text_of(app).replace("title: Ask for leave", "title: Away we go")
    shown = browser.post("/my/leave-request/preview/request/frame", text=typed)
    assert "Away we go" in shown.body
    assert "sandbox" in shown.headers["content-security-policy"]
    entered = {"opened": "pages[0]", "was.title": "Away we go", "now.title": "Off"}
    assert "<h1>Off" in browser.post("/my/leave-request/preview/request/frame", text=typed, **entered).body
    broken = browser.post("/my/leave-request/preview/request/frame", text="pages: 1")
    assert "The draft has errors." in broken.body
    assert catalog().get(AppId("leave-request")).draft == app.draft
