import re

import pytest

from tests.unit.portal.world import ADA, ANA, MIA, Browser, leave_request, published


@pytest.fixture(autouse=True)
def apps(portal):
    published(leave_request())
    leave_request(app_id="a-draft")


def test_published_apps_are_found_by_words_of_name_team_or_owner():
    browser = Browser.of(MIA)
    assert "/my/leave-request" in browser.get("/catalog?q=LEAVE%20team").body
    assert "/my/leave-request" in browser.get("/catalog?q=ana@example.com").body
    assert "Nothing found for “zebra”" in browser.get("/catalog?q=zebra").body


def test_drafts_are_shown_to_those_who_watch_over_apps_only():
    for person, seen in ((ADA, True), (MIA, False), (ANA, False)):
        assert ("/my/a-draft" in Browser.of(person).get("/catalog?state=draft").body) is seen


def test_those_who_watch_over_apps_choose_a_state_from_counts_and_others_are_not_asked():
    body = Browser.of(ADA).get("/catalog?state=any").body
    assert "/my/a-draft" in body
    assert "/my/leave-request" in body
    assert re.search(r'href="/catalog\?state=draft">Draft</a> <span class="muted small">1<', body)
    assert "state=" not in Browser.of(MIA).get("/catalog").body


def test_an_unknown_state_is_read_as_in_use():
    assert "/my/leave-request" in Browser.of(ADA).get("/catalog?state=%3Cscript%3E").body


def test_a_choice_nothing_fits_can_be_taken_back():
    body = Browser.of(MIA).get("/catalog?team=Finance").body
    assert "No app is like this" in body
    assert re.search(r'Team <a class="small" href="/catalog">any', body)


def test_apps_are_narrowed_by_what_they_touch():
    browser = Browser.of(MIA)
    for question in ("connector=hr-db", "tier=medium", "template=hr-self-service"):
        assert "/my/leave-request" in browser.get(f"/catalog?{question}").body
    assert "/my/leave-request" not in browser.get("/catalog?connector=payroll-db").body


def test_searching_while_typing_gets_a_piece():
    piece = Browser.of(MIA).get("/catalog?q=leave", **{"hx-request": "true"})
    assert "<html" not in piece.body
    assert "1 app" in piece.body


@pytest.mark.parametrize(
    "field", ["q", "state", "tier", "team", "class", "connector", "template", "sort", "after"]
)
def test_nothing_that_is_asked_for_becomes_part_of_the_page(field):
    answer = Browser.of(ADA).get(f"/catalog?{field}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status in {200, 400}
    assert "<script>alert" not in answer.body


def test_what_cannot_be_a_place_in_the_list_is_refused_kindly():
    for cursor in ("nonsense", "../..", "a.b", f"leave-request.{'9' * 500}"):
        answer = Browser.of(MIA).get(f"/catalog?after={cursor}")
        assert answer.status == 400
        assert "Begin at the first page." in answer.body


def test_a_search_for_many_words_is_refused():
    assert Browser.of(MIA).get(f"/catalog?q={'+'.join('abcdefghij')}").status == 400
