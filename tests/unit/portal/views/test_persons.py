from datetime import timedelta

import pytest

from appguard.kernel.errors import AppGuardError
from appguard.portal.views import persons
from appguard.privacy.forgetting import OnLegalHold
from appguard.privacy.model import Decision, Inquiry
from tests.support import sightings
from tests.unit.portal.world import ADA, DORA, ROB, SAM, Browser

REASON = "left the company three years ago"
SEEN = {**sightings.SEEN, "purpose": "Ask for <days> off"}


@pytest.fixture
def asked(monkeypatch):
    """What the two functions were asked; `known` is what they know."""
    every, known = [], {"known_since": "2026-09-01T00:00:00Z", "sightings": [SEEN]}

    def ask(words):
        every.append(words)
        return known if isinstance(words, Inquiry) else {}

    monkeypatch.setattr(persons, "ask_here", ask)
    return every, known


def test_who_saw_a_person_is_told_with_app_purpose_and_entry(asked):
    answer = Browser.of(ADA).post(
        "/persons", subject="ana@example.com", **{"from": "2026-11-01", "to": "2026-11-24"}
    )
    assert answer.status == 200
    for words in (
        "mia@example.com",
        "leave-request",
        "Ask for &lt;days&gt; off",
        "hr-db/team_calendar",
        "number 17",
    ):
        assert words in answer.body
    (inquiry,) = asked[0]
    assert (inquiry.subject, inquiry.by.id, inquiry.by.role) == ("ana@example.com", ADA.id, "auditor")
    assert inquiry.period.start.isoformat() == "2026-11-01T00:00:00+00:00"
    assert inquiry.period.end.isoformat() == "2026-11-25T00:00:00+00:00"
    assert not inquiry.with_key


def test_somebody_never_seen_or_forgotten_is_not_told_apart(asked):
    asked[1].update(known_since=None, sightings=[])
    answer = Browser.of(DORA).post("/persons", subject="x@example.com")
    assert "never seen, or was forgotten" in answer.body
    assert "Forget the person" not in answer.body


def test_a_data_owner_forgets_a_person(asked):
    answer = Browser.of(DORA).post(
        "/persons/decide", subject="ana@example.com", verdict="forget", reason=REASON
    )
    assert answer.status == 200
    decision = asked[0][0]
    assert isinstance(decision, Decision)
    assert (decision.verb, decision.by.role, decision.reason) == ("forget", "data_owner", REASON)


@pytest.mark.parametrize(
    ("person", "verdict"), [(ADA, "forget"), (SAM, "forget"), (DORA, "hold"), (ADA, "release")]
)
def test_who_may_not_decide_is_refused_and_nothing_is_asked(asked, person, verdict):
    answer = Browser.of(person).post(
        "/persons/decide", subject="ana@example.com", verdict=verdict, reason=REASON
    )
    assert answer.status == 403
    assert not [each for each in asked[0] if isinstance(each, Decision)]


@pytest.mark.parametrize("form", [{"verdict": "ask"}, {"verdict": ""}, {"reason": "no"}])
def test_half_a_decision_decides_nothing(asked, form):
    form = {"subject": "ana@example.com", "verdict": "forget", "reason": REASON} | form
    assert Browser.of(DORA).post("/persons/decide", **form).status == 400
    assert not [each for each in asked[0] if isinstance(each, Decision)]


def test_an_old_sign_in_does_not_forget_anybody(asked):
    browser = Browser.of(DORA, proved_ago=timedelta(hours=1))
    answer = browser.post("/persons/decide", subject="ana@example.com", verdict="forget", reason=REASON)
    assert answer.status == 403
    assert "Confirm that it is you" in answer.body
    assert not [each for each in asked[0] if isinstance(each, Decision)]


def test_a_legal_hold_is_shown_with_its_reason(asked, monkeypatch):
    asked[1].update(held="Case 17 before the labour court")

    def refuse(words) -> dict:
        if isinstance(words, Decision):
            raise OnLegalHold("What is known of this person is under a legal hold")
        return asked[1]

    monkeypatch.setattr(persons, "ask_here", refuse)
    answer = Browser.of(DORA).post(
        "/persons/decide", subject="ana@example.com", verdict="forget", reason=REASON
    )
    assert answer.status == OnLegalHold.status
    assert "Case 17 before the labour court" in answer.body
    assert 'value="forget"' not in answer.body


def test_what_goes_wrong_while_asking_is_told_on_the_page(asked, monkeypatch):
    def fail(_) -> dict:
        raise AppGuardError("The function does not answer")

    monkeypatch.setattr(persons, "ask_here", fail)
    answer = Browser.of(DORA).post("/persons", subject="ana@example.com")
    assert answer.status == 500
    assert "The function does not answer" in answer.body


def test_a_reviewer_has_no_business_here(asked):
    assert Browser.of(ROB).get("/persons").status == 403
    assert 'href="/persons"' not in Browser.of(ROB).get("/").body


@pytest.mark.parametrize("form", [{"subject": ""}, {"subject": "x" * 321}, {"from": "24.11.2026"}])
def test_a_question_that_is_none_is_refused(asked, form):
    assert Browser.of(DORA).post("/persons", **({"subject": "ana@example.com"} | form)).status == 400
    assert asked[0] == []
