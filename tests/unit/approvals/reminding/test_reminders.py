"""One reminder, one escalation, found by date."""

import pytest

from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from appguard.approvals.reminding.reminders import Reminders
from tests.support.world import DORA, ROB

HOURS = {"reminded": 48, "escalated": 96}


@pytest.fixture
def world(world):
    world.policy = approval_policy()
    return world


@pytest.fixture
def run(world):
    reminders = Reminders(world.approval_store, world.policy)
    return lambda: reminders.run(world.clock())


def told(world):
    return [
        event.action.partition(".")[2] for event in world.events("approval.") if event.actor.role == "system"
    ]


def test_each_comes_once_and_never_daily(world, link, run):
    for _hour in range(7 * 24):
        run()
        run()
        world.clock.pass_(hours=1)

    assert told(world) == ["asked", "reminded", "escalated"]
    asked = world.events("approval.asked")[0].timestamp
    for fact, hours in HOURS.items():
        [event] = world.events(f"approval.{fact}")
        assert (event.timestamp - asked).total_seconds() == hours * 3600
        assert event.metadata["waits_for"] == ["data_owner", "reviewer"]


def test_before_its_time_nothing_is_read_and_nothing_told(world, link, run):
    world.clock.pass_(hours=47, minutes=59)

    assert world.approval_store.due(world.clock()) == []
    assert run() == []


def test_two_runs_at_the_same_moment_tell_once(world, link, run, monkeypatch):
    world.clock.pass_(hours=48)
    keep = world.approval_store.keep

    def other_first(*writing):
        monkeypatch.setattr(world.approval_store, "keep", keep)
        assert len(run()) == 1
        return keep(*writing)

    monkeypatch.setattr(world.approval_store, "keep", other_first)

    assert run() == []
    assert told(world) == ["asked", "reminded"]


def test_late_runs_remind_before_they_escalate(world, link, run):
    world.clock.pass_(hours=100)
    run()
    assert told(world) == ["asked", "reminded"]
    world.clock.pass_(minutes=15)
    run()
    assert told(world) == ["asked", "reminded", "escalated"]


def test_a_voice_keeps_the_reminder_for_those_who_have_not_spoken(world, link, run):
    world.approvals.decide(link, ROB, Verdict.APPROVE)
    world.clock.pass_(hours=48)
    run()

    [event] = world.events("approval.reminded")
    assert event.metadata["waits_for"] == ["data_owner"]
    assert world.approvals.decide(link, DORA, Verdict.APPROVE).state == "approved"
    assert len(world.answers.given) == 1


def test_nobody_is_told_of_what_is_decided_withdrawn_or_expired(world, link, run):
    world.clock.pass_(days=7)
    assert run() == []
    world.approvals.close(
        world.approvals.open(link).approval.review_id, world.approvals.open(link).approval.execution
    )

    assert world.approval_store.due(world.clock()) == []
    assert told(world) == ["asked", "expired"]
