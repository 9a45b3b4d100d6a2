from datetime import timedelta

import pytest

from appguard.approvals.approvals import approvals
from appguard.approvals.exceptions.exceptions import exceptions
from appguard.approvals.model import Verdict
from appguard.gates.evidence import evidence
from appguard.gates.model import GateResult
from appguard.kernel.clock import utc_now
from appguard.portal.model import FRESH
from appguard.portal.views import exceptions as view
from appguard.reviews.model import StepInput
from tests.support.world import POLICY, approve_finding
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
    submitted,
)

REASON = "The purpose <b>covers</b> it."


@pytest.fixture
def link():
    step = StepInput.of(submitted(leave_request()))
    result = GateResult(
        gate="policy",
        review_id=step.review_id,
        bundle_digest=step.bundle_digest,
        policy_digest=POLICY,
        finished_at=utc_now(),
        duration_ms=1,
        findings=(approve_finding(),),
    )
    evidence.cache_clear()
    evidence().save(result)
    locator = approvals().ask(step, "token")
    approvals().decide(locator, DORA, Verdict.APPROVE, "It may use this data.")
    return f"/approvals/{locator}"


@pytest.fixture
def one(link):
    approvals().decide(link.rpartition("/")[2], ROB, Verdict.APPROVE, REASON)
    [exception] = exceptions().of_app("leave-request")
    return exception.exception_id


def test_exceptions_are_narrowed_by_app_rule_and_risk_and_lead_to_their_decision(one, link):
    rob = Browser.of(ROB)
    rule = exceptions().get(one).about.rule
    for fitting in ("app=LEAVE", "app=leave-request", f"rule={rule}", f"tier={exceptions().get(one).tier}"):
        page = rob.get(f"/exceptions?{fitting}").body
        assert f"/exceptions/{one}/renew" in page
        assert f'href="/approvals/{exceptions().get(one).approval_id}"' in page
    for other in ("app=zebra", "rule=nothing", "tier=%3Cscript%3E"):
        page = rob.get(f"/exceptions?{other}").body
        assert "No exception in this list is like this." in page
        assert "<script>" not in page


def state(exception_id):
    return exceptions().get(exception_id).state


def test_the_decision_says_until_when_a_finding_is_accepted_and_asks_why(link):
    page = Browser.of(ROB).get(link).body
    assert "By approving you accept one finding until" in page

    answer = Browser.of(ROB).post(link, verdict="approve")

    assert (answer.status, "comment_required" in answer.body) == (400, True)
    assert Browser.of(ROB).post(link, verdict="approve", comment="Fine.").status == 303
    assert len(exceptions().of_app("leave-request")) == 1


@pytest.mark.parametrize("person", [ROB, SAM, ADA, PAT], ids=lambda p: p.id)
def test_those_who_watch_over_apps_see_who_accepted_what_and_why(one, person):
    page = Browser.of(person).get("/exceptions").body

    assert "It reads personal data." in page
    assert "Accepted by rob@example.com" in page
    assert "The purpose &lt;b&gt;covers&lt;/b&gt; it." in page


@pytest.mark.parametrize("person", [ANA, MIA], ids=lambda p: p.id)
def test_others_do_not_and_can_change_nothing(one, person):
    browser = Browser.of(person)

    assert browser.get("/exceptions").status == 403
    assert browser.post(f"/exceptions/{one}/revoke", reason="x").status == 403
    assert state(one) == "open"


def test_the_owner_sees_on_the_apps_page_what_was_accepted(one):
    page = Browser.of(ANA).get("/my/leave-request").body

    assert "Accepted for a time" in page
    assert "A reviewer has to look again" not in page


def test_only_security_has_the_button_to_take_it_back_and_may_press_it(one):
    assert "Take it back" not in Browser.of(ROB).get("/exceptions").body
    assert Browser.of(ROB).post(f"/exceptions/{one}/revoke", reason="x").status == 403
    assert "Take it back" in Browser.of(SAM).get("/exceptions").body
    assert Browser.of(SAM).post(f"/exceptions/{one}/revoke", reason=" ").status == 400
    assert state(one) == "open"

    assert Browser.of(SAM).post(f"/exceptions/{one}/revoke", reason="Breached.").status == 303

    assert state(one) == "revoked"
    assert "“Breached.”" in Browser.of(SAM).get("/exceptions?show=revoked").body
    assert "A reviewer has to look again" in Browser.of(ANA).get("/my/leave-request").body


def test_a_reviewer_renews_with_a_recent_sign_in_only(one):
    old = Browser.of(SAM, proved_ago=FRESH + timedelta(seconds=1))
    assert old.post(f"/exceptions/{one}/renew", reason="Still fine.").status == 403
    assert exceptions().get(one).approved_by == ROB.id

    assert Browser.of(SAM).post(f"/exceptions/{one}/renew", reason="Still fine.").status == 303

    assert exceptions().get(one).approved_by == SAM.id


def test_the_owner_renews_nothing_even_as_a_reviewer(one):
    reviewer_too = ANA.model_copy(update={"groups": ANA.groups | {"reviewers"}})

    answer = Browser.of(reviewer_too).post(f"/exceptions/{one}/renew", reason="Mine.")

    assert (answer.status, "separation_of_duties" in answer.body) == (403, True)


def test_an_auditor_renews_nothing(one):
    assert Browser.of(ADA).post(f"/exceptions/{one}/renew", reason="x").status == 403


def test_lists_are_by_what_is_expiring_expired_and_by_app(one, monkeypatch):
    browser = Browser.of(ROB)
    assert "Nothing here" in browser.get("/exceptions?show=expiring").body
    assert "Nothing here" in browser.get("/exceptions?app=another").body
    assert "It reads personal data." in browser.get("/exceptions?app=leave-request").body

    later(monkeypatch, days=160)
    assert "It reads personal data." in browser.get("/exceptions?show=expiring").body
    later(monkeypatch, days=181)
    assert "Nothing here" in browser.get("/exceptions").body
    assert "It reads personal data." in browser.get("/exceptions?show=expired").body


def later(monkeypatch, days):
    then = utc_now() + timedelta(days=days)
    monkeypatch.setattr(view, "utc_now", lambda: then)


@pytest.mark.parametrize("guess", ["exc-0", "exc-" + "0" * 24, "x%2f.."])
def test_a_guess_finds_nothing(one, guess):
    assert Browser.of(SAM).post(f"/exceptions/{guess}/revoke", reason="x").status == 404


def test_an_unknown_list_is_the_first_one(one):
    assert "It reads personal data." in Browser.of(ROB).get("/exceptions?show=%3Cscript%3E").body
