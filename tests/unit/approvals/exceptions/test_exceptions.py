from datetime import timedelta

import pytest

from appguard.approvals.errors import (
    CommentRequired,
    ExceptionOver,
    ExceptionUnknown,
    NotAReviewer,
    NotSecurity,
    SeparationOfDuties,
    TooMuchToAccept,
)
from appguard.approvals.model import Verdict
from appguard.gates.review_policy import review_policy
from appguard.kernel.errors import StaleVersion, Unavailable
from appguard.kernel.event import Result
from appguard.kernel.levels import RiskTier
from tests.support.world import ANA, LEAVE, MIA, RISKY, ROB, SAM, approve_finding, block

WHY = "The purpose covers it."


@pytest.fixture
def step(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step, approve_finding(), approve_finding(line=9), approve_finding("egress"))
    return step


@pytest.fixture
def granted(world, step):
    world.approvals.decide(world.approvals.ask(step, "token"), ROB, Verdict.APPROVE, WHY)
    return sorted(world.exceptions.of_app(LEAVE), key=lambda each: each.about.rule)


@pytest.fixture
def one(granted):
    return granted[1].exception_id


def test_approving_makes_one_exception_of_each_finding_however_many_places_it_has(world, step, granted):
    assert [(e.about.rule, e.about.places) for e in granted] == [("egress", 1), ("personal-data", 2)]
    assert {(e.state, e.owner, e.approved_by, e.reason) for e in granted} == {("open", ANA.id, ROB.id, WHY)}
    assert {e.expires_at - e.granted_at for e in granted} == {timedelta(days=180)}


def test_each_is_one_event_of_the_decisions_transaction_without_the_words_people_wrote(world, granted):
    events = world.events("exception.granted")

    assert {e.resource.id for e in events} == {e.exception_id for e in granted}
    assert {e.actor.id for e in events} == {ROB.id}
    assert all(WHY not in e.model_dump_json() for e in events)


def test_who_is_not_heard_grants_nothing(world, step, monkeypatch):
    locator = world.approvals.ask(step, "token")

    def stale(*_):
        raise StaleVersion("somebody was faster")

    monkeypatch.setattr(world.approvals.store._outbox, "commit", stale)
    with pytest.raises(Unavailable):
        world.approvals.decide(locator, ROB, Verdict.APPROVE, WHY)

    assert world.exceptions.of_app(LEAVE) == []


def test_accepting_needs_a_reason_and_a_refusal_grants_nothing(world, step):
    locator = world.approvals.ask(step, "token")
    with pytest.raises(CommentRequired, match="only a person may accept"):
        world.approvals.decide(locator, ROB, Verdict.APPROVE, "  ")

    world.approvals.decide(locator, ROB, Verdict.REFUSE, "No.")

    assert world.exceptions.of_app(LEAVE) == []


def test_nobody_accepts_more_than_forty_findings_at_once(world, step):
    world.gates_say(step, *(approve_finding("egress", f"It sends data to h{n}.") for n in range(41)))
    locator = world.approvals.ask(step, "token")

    with pytest.raises(TooMuchToAccept):
        world.approvals.decide(locator, ROB, Verdict.APPROVE, WHY)
    assert world.approvals.open(locator).approval.state == "waiting"


def test_forty_fit_into_one_transaction(world, step):
    world.gates_say(step, *(approve_finding("egress", f"It sends data to h{n}.") for n in range(40)))

    world.approvals.decide(world.approvals.ask(step, "token"), ROB, Verdict.APPROVE, WHY)

    assert len(world.exceptions.of_app(LEAVE)) == 40


def test_high_risk_holds_for_less_long():
    rules = review_policy().exceptions
    assert rules.lasts(RiskTier.HIGH) < rules.lasts(RiskTier.MEDIUM)


def test_before_its_day_it_holds_and_on_its_day_it_expires_once(world, one):
    world.clock.pass_(days=179)
    assert world.exceptions.due(world.clock().date()) == []
    assert not world.exceptions.expire(one)
    world.clock.pass_(days=1)

    assert one in world.exceptions.due(world.clock().date())
    assert world.exceptions.expire(one)
    assert not world.exceptions.expire(one)
    assert world.exceptions.get(one).state == "expired"
    assert one not in world.exceptions.due(world.clock().date())
    assert len(world.events("exception.expired")) == 1


def test_past_its_day_it_counts_no_more_even_before_a_sweep_comes_by(world, granted):
    world.clock.pass_(days=180)

    assert {e.exception_id for e in world.exceptions.lapsed(LEAVE)} == {e.exception_id for e in granted}


def test_security_takes_it_back_with_a_reason(world, one):
    world.exceptions.revoke(one, SAM, "The vendor was breached.")

    revoked = world.exceptions.get(one)
    assert (revoked.state, revoked.revoked_by) == ("revoked", SAM.id)
    assert [e.exception_id for e in world.exceptions.lapsed(LEAVE)] == [one]
    assert [e.exception_id for e in world.exceptions.listed("revoked")] == [one]
    [event] = world.events("exception.revoked")
    assert "breached" not in event.model_dump_json()
    with pytest.raises(ExceptionOver):
        world.exceptions.revoke(one, SAM, "Again.")


def test_only_security_takes_it_back_and_an_attempt_is_recorded(world, one):
    with pytest.raises(NotSecurity):
        world.exceptions.revoke(one, ROB, "I do not like it.")

    assert [e.result for e in world.events("exception.denied")] == [Result.DENIED]
    assert world.exceptions.get(one).state == "open"


def test_a_reviewer_renews_an_expired_one_for_another_term(world, one):
    world.clock.pass_(days=181)
    world.exceptions.expire(one)

    renewed = world.exceptions.renew(one, SAM, "Still needed.")

    assert renewed.expires_at - world.clock() == timedelta(days=180)
    assert (world.exceptions.get(one).state, world.exceptions.get(one).approved_by) == ("open", SAM.id)


def test_the_owner_renews_nothing_whatever_their_groups(world, one):
    in_every_group = ANA.model_copy(update={"groups": frozenset({"reviewers", "security"})})
    under_another_id = in_every_group.model_copy(update={"id": "google|42", "email": "Ana@Example.com"})
    for person in (in_every_group, under_another_id):
        with pytest.raises(SeparationOfDuties):
            world.exceptions.renew(one, person, "Mine.")
    with pytest.raises(NotAReviewer):
        world.exceptions.renew(one, MIA, "Please.")

    assert len(world.events("exception.denied")) == 3


def test_what_security_took_back_no_reviewer_renews(world, one):
    world.exceptions.revoke(one, SAM, "No.")

    with pytest.raises(ExceptionOver):
        world.exceptions.renew(one, ROB, "Yes.")


def test_a_later_version_without_the_finding_closes_it(world, granted):
    egress, personal = granted
    world.exceptions.settle(LEAVE, {personal.about.identity})
    world.exceptions.settle(LEAVE, {personal.about.identity})

    assert world.exceptions.get(egress.exception_id).state == "closed"
    assert world.exceptions.get(personal.exception_id).state == "open"
    assert world.actions("exception.closed") == ["exception.closed"]


def test_open_ones_are_listed_by_the_day_they_end(world, granted):
    world.clock.pass_(days=5)
    first = world.exceptions.renew(granted[0].exception_id, SAM, "Longer.")

    listed = [e.exception_id for e in world.exceptions.listed("open")]

    assert listed == [granted[1].exception_id, first.exception_id]


def test_a_block_makes_no_exception(world, step):
    world.gates_say(step, block())
    world.approvals.decide(world.approvals.ask(step, "token"), ROB, Verdict.APPROVE)

    assert world.exceptions.of_app(LEAVE) == []


@pytest.mark.parametrize("guess", ["", "exc-" + "0" * 24, "x" * 999])
def test_a_guess_finds_nothing(world, guess):
    with pytest.raises(ExceptionUnknown):
        world.exceptions.revoke(guess or "-", SAM, "?")
