import re
from datetime import timedelta

import pytest

from appguard.approvals.approvals import approvals
from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.portal.model import FRESH
from tests.unit.portal.world import (
    ADA,
    ANA,
    DORA,
    MIA,
    PAT,
    ROB,
    SAM,
    Browser,
    leave_request,
    published,
    waiting,
)


@pytest.fixture
def link():
    _, locator = waiting(leave_request())
    return f"/approvals/{locator}"


@pytest.fixture
def last_seat(link):
    """The data owner has approved; the reviewer's seat is empty."""
    assert Browser.of(DORA).post(link, verdict="approve").status == 303
    return link


def state(link):
    return approvals().open(link.rpartition("/")[2]).approval.state


def test_opening_the_link_shows_the_evidence_and_decides_nothing(link):
    for browser in (Browser(), Browser.of(ROB), Browser.of(ROB)):
        answer = browser.get(link)
    assert "Who is away in my team" in answer.body
    assert "Approve" in answer.body
    assert state(link) == "waiting"


def test_a_mail_scanner_that_sends_the_form_decides_nothing(link):
    assert Browser().post(link, verdict="approve").status == 401
    assert state(link) == "waiting"


def test_the_last_seat_decides_and_the_page_says_who_and_when(last_seat):
    browser = Browser.of(ROB)
    answer = browser.post(last_seat, verdict="approve")
    assert (answer.status, answer.headers["location"]) == (303, f"{last_seat}?decided=1")
    assert state(last_seat) == "approved"
    assert "Approved by dora@example.com and rob@example.com <time" in browser.get(last_seat).body


def test_the_first_of_two_seats_is_kept_and_shown_to_both(link):
    browser = Browser.of(ROB)
    browser.post(link, verdict="approve", comment="It replaces a spreadsheet.")
    page = browser.get(f"{link}?decided=1").body
    assert state(link) == "waiting"
    assert "Your approval is recorded." in page
    assert "It now waits for a data owner." in page
    assert 'value="approve"' not in page
    assert 'value="refuse"' in page
    assert "rob@example.com approved <time" in Browser.of(DORA).get(link).body


def test_a_yes_that_fills_no_seat_is_refused_and_says_who_is_waited_for(link):
    for person, code in ((ROB, None), (ROB, "already_spoken"), (SAM, "seats_taken")):
        answer = Browser.of(person).post(link, verdict="approve")
        assert code is None or (answer.status, code in answer.body) == (409, True)
    assert state(link) == "waiting"


def test_the_piece_that_is_asked_for_again_says_who_spoke_and_reloads_the_page_once_it_is_decided(last_seat):
    browser = Browser.of(ROB)
    piece = browser.get(f"{last_seat}/seats", **{"hx-request": "true"})
    assert "dora@example.com approved <time" in piece.body
    assert "hx-refresh" not in piece.headers
    Browser.of(SAM).post(last_seat, verdict="refuse", comment="No.")
    piece = browser.get(f"{last_seat}/seats", **{"hx-request": "true"})
    assert piece.headers["hx-refresh"] == "true"
    assert Browser.of(MIA).get(f"{last_seat}/seats").status == 403


def test_a_reviewer_refuses_with_a_comment(link):
    assert Browser.of(SAM).post(link, verdict="refuse", comment="Drop the birth year.").status == 303
    assert "“Drop the birth year.”" in Browser.of(ANA).get(link).body


def test_a_refusal_without_comment_is_asked_for_one_and_keeps_the_page(link):
    answer = Browser.of(ROB).post(link, verdict="refuse")
    assert (answer.status, "comment_required" in answer.body) == (400, True)
    assert "Your decision" in answer.body


def test_a_decision_is_made_once(last_seat):
    Browser.of(SAM).post(last_seat, verdict="approve")
    answer = Browser.of(ROB).post(last_seat, verdict="refuse", comment="Too late.")
    assert (answer.status, "already_decided" in answer.body) == (409, True)
    assert "Approved by dora@example.com and sam@example.com" in answer.body


def test_the_requester_may_look_and_not_decide_even_as_a_reviewer(link):
    reviewer_too = ANA.model_copy(update={"groups": ANA.groups | {"reviewers"}})
    assert "Somebody else decides" in Browser.of(reviewer_too).get(link).body
    answer = Browser.of(reviewer_too).post(link, verdict="approve")
    assert (answer.status, "separation_of_duties" in answer.body) == (403, True)
    assert state(link) == "waiting"


@pytest.mark.parametrize("person", [ADA, PAT], ids=lambda p: p.id)
def test_those_who_watch_may_look_and_not_decide(link, person):
    assert "You can look, not decide" in Browser.of(person).get(link).body
    assert Browser.of(person).post(link, verdict="approve").status == 403


def test_a_colleague_with_the_link_sees_nothing(link):
    answer = Browser.of(MIA).get(link)
    assert (answer.status, "not_a_reviewer" in answer.body) == (403, True)


def test_a_decision_needs_a_recent_sign_in(link):
    browser = Browser.of(ROB, proved_ago=FRESH + timedelta(seconds=1))
    assert "Confirm that it is you" in browser.get(link).body
    answer = browser.post(link, verdict="approve")
    assert (answer.status, "step_up_required" in answer.body) == (403, True)
    assert state(link) == "waiting"


@pytest.mark.parametrize("proved_ago", [None, FRESH + timedelta(seconds=1)], ids=["unknown", "old"])
def test_a_new_session_alone_proves_nobody(link, proved_ago):
    """The provider's own session opens one of ours without asking for anything."""
    browser = Browser.of(ROB, proved_ago)
    assert "Confirm that it is you" in browser.get(link).body
    assert browser.post(link, verdict="approve").status == 403
    assert state(link) == "waiting"


@pytest.mark.parametrize("guess", ["x" * 43, "apr-" + "0" * 64, "short", "a" * 300, "x%2f..%2f.."])
def test_a_guessed_link_finds_nothing(guess):
    assert Browser.of(ROB).get(f"/approvals/{guess}").status == 404


def test_a_verdict_that_is_none_is_refused(link):
    assert Browser.of(ROB).post(link, verdict="maybe").status == 400


def test_the_page_of_a_next_version_says_in_words_and_signs_what_is_more_and_what_is_less():
    app = published(leave_request())
    text = (
        app_text(app).replace("memory_mb: 256", "memory_mb: 512").replace("label: Comment", "label: Reason")
    )
    narrower = text.replace("    export: true\n", "")
    app = catalog().save_draft(
        app.app_id, Bundle({"app.yaml": narrower.encode()}), ANA.acting_as("requester")
    )
    _, locator = waiting(app)

    page = Browser.of(ROB).get(f"/approvals/{locator}").body

    assert "What changes" in page
    assert "<strong>Wider: </strong>It asks for twice the memory (256 → 512 MB)." in page
    assert "<strong>New: </strong>It now asks people for “Reason” on the page “Ask for leave”." in page
    assert "<strong>Gone: </strong>It no longer offers the rows of “Team calendar” as a file." in page


def app_text(app):
    return catalog().bundle(app.draft).files["app.yaml"].decode()


def test_the_page_of_a_first_version_compares_with_nothing(link):
    assert "What changes" not in Browser.of(ROB).get(link).body


def test_the_inbox_says_what_waits_for_me_what_for_others_and_what_is_my_own(last_seat):
    assert '<td data-name="Waits for">you</td>' in Browser.of(ROB).get("/approvals").body
    assert "One thing waits for you" in Browser.of(ROB).get("/").body
    others = Browser.of(DORA).get("/approvals").body
    assert "Nothing waits for you" in others
    assert '<td data-name="Waits for">a reviewer</td>' in others
    own = Browser.of(ANA.model_copy(update={"groups": frozenset({"reviewers"})})).get("/approvals").body
    assert "Nothing waits for you" in own
    assert "Your own work" in own


def test_the_parts_list_is_that_of_the_version_asked_about_and_no_other_can_be_had_so(link):
    [address] = re.findall(r'"(/my/leave-request/sbom\?version=[^"]+)"', Browser.of(ROB).get(link).body)
    assert "SPDX-2.3" in Browser.of(ROB).get(address).body
    assert Browser.of(MIA).get(address).status == 404
    assert Browser.of(ROB).get(address.replace("sha256:", "sha256:0")).status == 404
    leave_request(app_id="another-app")
    assert Browser.of(ROB).get(address.replace("leave-request", "another-app")).status == 404


def test_the_page_never_shows_the_task_token(link):
    assert "task-token" not in Browser.of(ROB).get(link).body
