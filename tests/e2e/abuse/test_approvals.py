"""What is done to approvals: links in wrong hands, decisions twice, at once, for oneself, or too late."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.local.story.cast import ADA, ANA, MIA, ROB
from infra.local.story.chapters import prove
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e
SAM = "sam@example.com"
LOOKALIKE = "https://\u0430\u0440pguard.example.com/approvals/free-money"  # the first two are Cyrillic
NAME = f"<a href='{LOOKALIKE}'>Approve here</a>"
DECIDED = {"approval.endorsed", "approval.decided"}


@pytest.fixture(scope="module")
def asked(drafted, raw, submission, ground):
    """Submit an app of Ana's that needs a reviewer and a data owner; the path of the approval."""

    def submit(app_id: str, name: str) -> str:
        known = len(ground.mail_to(ROB))
        page = drafted(app_id, name, data_class="personal", template="hr-self-service")
        assert raw(ANA).post(f"{page}/submit", data=submission(page)).status_code == 303
        mail = until(lambda: ground.mail_to(ROB)[known:], "the mail to the reviewer")
        [found] = set(re.findall(r"/approvals/[A-Za-z0-9_-]{43}", json.dumps(mail)))
        return found

    return submit


@pytest.fixture(scope="module")
def path(asked) -> str:
    """An app whose name is meant to be clicked on."""
    return asked("abused-approval", NAME)


@pytest.fixture
def say(raw, token):
    """POST a decision with somebody's session and the right token of their forms."""

    def decide(person: str, where: str, verdict: str = "approve", comment: str = "Fine.") -> httpx.Response:
        body = {"csrf": token(person), "verdict": verdict, "comment": comment}
        return raw(person).post(where, data=body)

    return decide


def told(app_id: str) -> list[str]:
    """What the ledger tells of an app's approvals."""
    return [entry["action"] for entry in prove.entries("--app", app_id, "--action", "approval.")]


def test_the_mail_obeys_nothing_that_people_wrote_and_links_to_the_portal_alone(path, ground, endpoints):
    mail = next(each for each in map(json.dumps, ground.mail_to(ROB)) if path in each)
    assert "&lt;a href=" in mail
    leads = re.findall(r'<a [^>]*href=\\"([^"\\]+)', mail)
    assert leads
    assert all(each.startswith(f"{endpoints.portal}/") for each in leads)


def test_opening_the_link_decides_nothing_whatever_the_scanner_sends(path, endpoints, raw):
    for method in ("GET", "HEAD", "OPTIONS"):
        for query in ("", "?verdict=approve", "?verdict=approve&csrf=x"):
            httpx.request(method, endpoints.portal + path + query)
            raw(ROB).request(method, path + query)
    assert not DECIDED & set(told("abused-approval"))


def test_a_scanner_that_submits_the_form_without_a_session_decides_nothing(path, endpoints):
    reply = httpx.post(endpoints.portal + path, data={"verdict": "approve", "csrf": "", "comment": "Fine."})
    assert reply.status_code in {303, 401}
    assert not DECIDED & set(told("abused-approval"))


@pytest.mark.parametrize("person", [ANA, MIA, ADA])
def test_the_link_is_no_right(path, say, person):
    reply = say(person, path)
    assert reply.status_code == 403
    until(lambda: {"approval.denied", "access.denied"} & set(_denials(person)), "the refusal in the ledger")


def test_a_decision_from_elsewhere_decides_nothing(path, raw, token):
    body = {"verdict": "approve", "comment": "Fine.", "csrf": token(ROB)}
    reply = raw(ROB).post(path, data=body, headers={"origin": "https://evil.example"})
    assert (reply.status_code, "cross_site_request" in reply.text) == (403, True)


def test_nobody_lets_themselves_decide_by_being_a_delegate(path, visit, say):
    rob = visit(ROB)
    rob.open("/approvals")
    today = datetime.now(UTC).date()
    rob.fill("/delegation", delegate=ANA, first_day=str(today), last_day=str(today + timedelta(days=1)))
    assert say(ANA, path).status_code == 403


def test_four_clicks_are_one_voice(path, say):
    with ThreadPoolExecutor(4) as pool:
        replies = [reply.status_code for reply in pool.map(lambda _: say(ROB, path), range(4))]
    assert replies.count(303) + replies.count(200) == 1, replies
    assert set(replies) <= {200, 303, 409}
    until(lambda: "approval.endorsed" in told("abused-approval"), "the voice in the ledger")
    assert told("abused-approval").count("approval.endorsed") == 1


def test_one_person_is_not_two(path, say):
    assert say(ROB, path).status_code == 409


def test_a_refusal_needs_its_reason_and_markup_in_it_is_shown_only(path, say, visit):
    assert say(SAM, path, "refuse", "").status_code == 400
    assert say(SAM, path, "refuse", "<script>alert(1)</script> is in its name.").status_code in {200, 303}
    for person in (ANA, ROB):
        page = visit(person).open(path if person == ROB else "/my/abused-approval").text
        assert "<script>alert" not in page


def test_the_link_of_what_was_decided_decides_nothing_more(path, say, visit):
    rob = visit(ROB)
    rob.open(path)
    assert not rob.has_form(path)
    assert say(ROB, path).status_code == 409


def test_a_yes_and_a_no_at_once_have_one_outcome(asked, say, ground):
    where = asked("abused-at-once", "Decided at once")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(say, ROB, where), pool.submit(say, SAM, where, "refuse", "No.")]
        replies = [each.result().status_code for each in both]
    assert set(replies) <= {200, 303, 409}
    until(lambda: "approval.decided" in told("abused-at-once"), "the decision in the ledger")
    assert told("abused-at-once").count("approval.decided") == 1
    assert say(ROB, where).status_code == 409


def test_whoever_decides_after_the_request_was_withdrawn_decides_nothing(asked, say, visit):
    where, ana = asked("abused-withdrawn", "Withdrawn meanwhile"), visit(ANA)
    ana.open("/my/abused-withdrawn")
    ana.fill("/my/abused-withdrawn/withdraw")
    reply = say(ROB, where)
    assert (reply.status_code, "approval_withdrawn" in reply.text) == (409, True)
    assert not DECIDED & set(told("abused-withdrawn"))


@pytest.mark.parametrize("ref", ["x" * 43, "apr-" + "0" * 64, "apr-" + "g" * 64, "%00"])
def test_a_guessed_link_leads_nowhere(raw, say, ref):
    assert raw(ROB).get(f"/approvals/{ref}").status_code in {400, 404}
    assert say(ROB, f"/approvals/{ref}").status_code in {400, 404}


def _denials(person: str) -> list[str]:
    return [entry["action"] for entry in prove.entries("--actor", person, "--result", "denied")]
