"""Somebody is away: who may stand in, for whom they then speak, and what that never allows."""

from datetime import date, timedelta

import pytest

from appguard.approvals.delegation.errors import NoSuchDelegate, NotSomeDays
from appguard.approvals.errors import AlreadySpoken, SeparationOfDuties
from appguard.approvals.model import Verdict
from appguard.approvals.open_to_decision import deciders
from appguard.approvals.policy import approval_policy
from appguard.kernel.errors import StaleVersion
from tests.support.world import ANA, DORA, MIA, NOW, ROB, SAM

TODAY = NOW.date()
RIA = ROB.model_copy(update={"id": "ria@example.com", "email": "ria@example.com"})
APPROVE = Verdict.APPROVE


@pytest.fixture
def world(world):
    world.policy = approval_policy()
    for person in (ROB, RIA, SAM, DORA, MIA, ANA):
        world.directory.meet(person)
    return world


def away(world, who, delegate, days=7):
    return world.delegations.name(who, delegate.email, TODAY, TODAY + timedelta(days=days - 1))


def test_a_delegate_is_named_recorded_and_taken_back(world):
    away(world, ROB, RIA)

    assert world.delegations.stand_in(ROB.id) == RIA.id
    assert world.delegations.away(RIA.id) == [ROB.id]
    [named] = world.events("delegation.named")
    assert (named.actor.id, named.metadata["delegate"]) == (ROB.id, RIA.id)

    world.delegations.take_back(ROB)
    world.delegations.take_back(ROB)

    assert world.delegations.stand_in(ROB.id) is None
    assert world.actions("delegation.revoked") == ["delegation.revoked"]


def test_it_holds_on_its_days_and_on_no_other(world):
    world.delegations.name(ROB, RIA.email, TODAY + timedelta(days=1), TODAY + timedelta(days=2))
    held = []
    for _ in range(4):
        held.append(world.delegations.stand_in(ROB.id) is not None)
        world.clock.pass_(days=1)

    assert held == [False, True, True, False]
    assert world.delegations.of(ROB.id) is None


def test_a_delegate_has_the_same_roles_and_works_here(world):
    for person, delegate in ((ROB, DORA), (ROB, MIA), (SAM, ROB), (ROB, ROB), (MIA, ROB), (DORA, SAM)):
        with pytest.raises(NoSuchDelegate):
            away(world, person, delegate)
    away(world, ROB, SAM)
    world.known_as(RIA, active=False)
    with pytest.raises(NoSuchDelegate):
        away(world, ROB, RIA)
    with pytest.raises(NoSuchDelegate):
        world.delegations.name(ROB, "nobody@example.com", TODAY, TODAY)


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, TODAY - timedelta(days=1)), (date(2025, 1, 1), date(2025, 1, 2)), (TODAY, date(2027, 1, 1))],
)
def test_days_that_are_none_over_or_too_many_are_refused(world, first, last):
    with pytest.raises(NotSomeDays):
        world.delegations.name(ROB, RIA.email, first, last)


def test_who_names_another_has_one_delegate(world):
    away(world, ROB, RIA)
    away(world, ROB, SAM)

    assert world.delegations.stand_in(ROB.id) == SAM.id
    assert world.delegations.away(RIA.id) == []


def test_taking_back_what_was_changed_meanwhile_takes_nothing_back(world):
    stale = away(world, ROB, RIA)
    away(world, ROB, SAM)

    with pytest.raises(StaleVersion):
        world.delegations.store.remove(
            stale, world.events("delegation.named")[0].model_copy(update={"event_id": "evt-" + "0" * 32})
        )
    assert world.delegations.stand_in(ROB.id) == SAM.id


def test_evidence_says_who_decided_for_whom(world, link):
    away(world, ROB, RIA)
    world.approvals.decide(link, RIA, APPROVE)
    decided = world.approvals.decide(link, DORA, APPROVE)

    assert deciders(decided) == "ria@example.com for rob@example.com and dora@example.com"
    [endorsed] = world.events("approval.endorsed")
    assert (endorsed.actor.id, endorsed.metadata["on_behalf_of"]) == (RIA.id, ROB.id)


def test_a_person_and_their_delegate_are_one_voice(world, link):
    """Also where there would be two seats for the two of them."""
    world.policy = world.policy.model_copy(
        update={"by_tier": {tier: {"reviewer": 2} for tier in world.policy.by_tier}}
    )
    away(world, ROB, RIA)
    world.approvals.decide(link, RIA, APPROVE)

    for person in (RIA, ROB):
        with pytest.raises(AlreadySpoken):
            world.approvals.decide(link, person, APPROVE)


def test_a_delegate_who_made_the_app_decides_for_nobody(world, link):
    ana = ANA.model_copy(update={"groups": frozenset({"requesters", "reviewers"})})
    world.directory.meet(ana)
    away(world, ROB, ana)

    with pytest.raises(SeparationOfDuties):
        world.approvals.decide(link, ana, APPROVE)
    assert world.approvals.open(link).approval.voices == ()


def test_nobody_speaks_for_whoever_made_the_app_or_has_left(world, link):
    ana = ANA.model_copy(update={"groups": frozenset({"requesters", "reviewers"})})
    world.directory.meet(ana)
    away(world, ana, ROB)
    away(world, RIA, ROB)
    world.known_as(RIA, active=False)

    world.approvals.decide(link, ROB, APPROVE)

    [voice] = world.approvals.open(link).approval.voices
    assert (voice.by, voice.on_behalf_of) == (ROB.id, None)


def test_a_delegation_gives_no_right(world, link):
    """Whoever lost the role meanwhile has nothing to lend it back."""
    away(world, ROB, RIA)
    no_more = RIA.model_copy(update={"groups": frozenset({"employees"})})

    with pytest.raises(Exception, match="no seat"):
        world.approvals.decide(link, no_more, APPROVE)
