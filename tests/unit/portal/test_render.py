"""Error pages: what went wrong, what to do, who can help, and nothing typed is lost."""

from html import unescape

import pytest

from appguard.kernel.errors import AppGuardError, Conflict, Forbidden, NotFound, TooLarge, Unauthenticated
from appguard.portal import render
from appguard.portal.http import Request
from appguard.portal.settings import settings
from tests.unit.portal.world import ANA, Browser

PURPOSE = "Replace the <leave> spreadsheet"
KINDS = [Unauthenticated, Forbidden, NotFound, Conflict, TooLarge, AppGuardError]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_an_error_page_says_its_code_what_to_do_and_who_can_help(portal, monkeypatch, kind):
    monkeypatch.setattr(render, "current_trace", lambda: "1-abc-def")
    shown = render.error(kind("That did not go well"), Request("GET", "/catalog"))
    for words in ("That did not go well", kind.code, kind.remediation, "Who can help?", "1-abc-def"):
        assert words in unescape(str(shown.body))
    assert shown.status == kind.status


def test_what_was_typed_into_a_form_outlives_the_session(portal):
    ana = Browser.of(ANA)
    ana.cookies.clear()
    page = {"referer": f"{settings().origin}/new"}
    answer = ana.post("/new", name="Leave", purpose=PURPOSE, headers=page)
    assert answer.status == 401
    assert "What you typed is not lost" in answer.body
    assert ">Replace the &lt;leave&gt; spreadsheet</textarea>" in answer.body
    assert 'href="/sign-in?next=%2Fnew"' in answer.body
    assert ana.csrf not in answer.body


def test_a_form_from_elsewhere_leads_home(portal):
    answer = Browser().post("/new", purpose=PURPOSE, headers={"referer": "https://evil.example/new"})
    assert 'href="/sign-in?next=%2F"' in answer.body


def test_a_failure_of_ours_gives_back_what_was_typed(portal, monkeypatch):
    from appguard.portal.views import new_app  # noqa: PLC0415

    monkeypatch.setattr(new_app, "create", lambda _: 1 / 0)
    answer = Browser.of(ANA).post("/new", purpose=PURPOSE)
    assert (answer.status, "Replace the &lt;leave&gt; spreadsheet" in answer.body) == (500, True)


def test_an_unknown_address_keeps_the_menu_of_whoever_is_signed_in(portal):
    assert 'href="/catalog"' in Browser.of(ANA).get("/nowhere").body
    assert 'href="/catalog"' not in Browser().get("/nowhere").body


def test_a_text_nobody_translated_says_that_it_is_english():
    assert render.text_or_english("<b>", "de") == '<span lang="en">&lt;b&gt;</span>'
    assert render.text_or_english("<b>", "en") == "<b>"
