import pytest

from tests.unit.portal.world import ADA, ANA, MIA, Browser, leave_request, published


@pytest.fixture(autouse=True)
def apps():
    published(leave_request())
    leave_request(app_id="a-draft")


def test_published_apps_are_found_by_words():
    browser = Browser.of(MIA)
    assert "/my/leave-request" in browser.get("/catalog?q=LEAVE%20team").body
    assert "Nothing found for “zebra”" in browser.get("/catalog?q=zebra").body


def test_drafts_are_shown_to_those_who_watch_over_apps_only():
    for person, seen in ((ADA, True), (MIA, False), (ANA, False)):
        assert ("/my/a-draft" in Browser.of(person).get("/catalog?state=draft").body) is seen


def test_an_unknown_state_is_read_as_in_use():
    assert "/my/leave-request" in Browser.of(ADA).get("/catalog?state=%3Cscript%3E").body


def test_searching_while_typing_gets_a_piece():
    piece = Browser.of(MIA).get("/catalog?q=leave", **{"hx-request": "true"})
    assert "<html" not in piece.body
    assert "1 app" in piece.body


def test_a_search_word_is_shown_and_never_run():
    assert "<script>" not in Browser.of(MIA).get("/catalog?q=%3Cscript%3Ealert(1)%3C/script%3E").body
