from datetime import timedelta

import pytest

from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from appguard.approvals.recipients import Recipients
from appguard.approvals.reminding.reminders import Reminders
from appguard.portal.access import role_map
from tests.support.world import ANA, DORA, MIA, NOW, ROB, SAM

TODAY = NOW.date()
RIA = ROB.model_copy(update={"id": "ria@example.com", "email": "ria@example.com"})
SUE = SAM.model_copy(
    update={"id": "sue@example.com", "email": "sue@example.com", "groups": frozenset({"security"})}
)


@pytest.fixture
def world(world):
    world.policy = approval_policy()
    for person in (
        ANA.model_copy(update={"groups": frozenset({"requesters", "reviewers"})}),
        ROB,
        RIA,
        SUE,
        DORA,
        MIA,
    ):
        world.directory.meet(person)
    return world


@pytest.fixture
def told(world, link):
    groups = Recipients(world.directory, world.delegations, lambda role: role_map().roles[role].groups)
    return lambda: sorted(person.id for person in groups.of(world.approvals.open(link).approval))


def test_those_who_can_take_an_empty_seat_are_told_and_neither_makers_nor_others(told):
    assert told() == [DORA.id, RIA.id, ROB.id]


def test_who_has_spoken_is_not_told_again_nor_whose_seat_is_taken(world, link, told):
    world.approvals.decide(link, ROB, Verdict.APPROVE)

    assert told() == [DORA.id]


def test_a_delegate_is_told_instead_of_who_is_away_and_nobody_twice(world, told):
    world.delegations.name(ROB, RIA.email, TODAY, TODAY + timedelta(days=3))

    assert told() == [DORA.id, RIA.id]


def test_leavers_are_not_told(world, told):
    world.known_as(ROB, active=False)

    assert told() == [DORA.id, RIA.id]


def test_after_escalation_security_and_managers_are_told_too(world, told):
    manager = world.known_as(MIA)
    world.known_as(DORA, manager=manager.colleague_id)
    reminders = Reminders(world.approval_store, world.policy)
    for hours, more in ((48, []), (48, [MIA.id, SUE.id])):
        world.clock.pass_(hours=hours)
        reminders.run(world.clock())
        assert told() == sorted([DORA.id, RIA.id, ROB.id, *more])


def test_nobody_is_told_of_what_is_decided(world, link, told):
    world.approvals.decide(link, ROB, Verdict.REFUSE, "No.")

    assert told() == []
