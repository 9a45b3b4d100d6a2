"""What the keeper is called for, and what it does then."""

from types import SimpleNamespace

import pytest

from appguard.apps.lifecycle import Trigger
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.reviews.errors import NotApproved
from appguard.reviews.steps import Judgement
from appguard.secrets import handler
from appguard.secrets.keeper import Kept
from appguard.secrets.keeping import Keeping
from appguard.secrets.policy import SecretKind
from tests.support.world import LEAVE, REQUESTER, RISKY

CONTEXT = SimpleNamespace(
    function_name="secrets",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:secrets",
    aws_request_id="request",
)
SCHEDULED = {"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}"}


class Keeper:
    """Remembers what was asked of it."""

    def __init__(self, world, records):
        self.apps, self.records, self.asked = world.apps, records, []

    def provide(self, app_id, connectors):
        self.asked.append(("provide", app_id, list(connectors)))
        return []

    def __getattr__(self, name):
        return lambda *given: self.asked.append((name, *given)) or Kept()


@pytest.fixture
def reported():
    return []


@pytest.fixture
def keeper(world, records, reported, monkeypatch):
    keeper = Keeper(world, records)
    made = Keeping(keeper, world.reviews, reported.append, world.clock)
    monkeypatch.setattr(handler, "keeping", lambda: made)
    return keeper


def retired(world):
    about = Resource(type="app", id=LEAVE)
    event = AuditEvent.of("app.retired", Actor.system("operations"), about, world.clock(), app_id=LEAVE)
    detail = event.model_dump(mode="json", by_alias=True)
    return {"version": "0", "source": "appguard", "detail-type": "app.retired", "detail": detail}


def test_an_approved_version_gets_logins_to_what_its_manifest_names(world, keeper):
    step = world.submitted(LEAVE, RISKY)
    world.steps.approve(step, Judgement())
    handler.keep(step.model_dump(mode="json"), CONTEXT)

    assert keeper.asked == [("provide", LEAVE, [use.name for use in RISKY.manifest().connectors])]


def test_what_nobody_approved_gets_no_login(world, keeper):
    step = world.submitted(LEAVE, RISKY)

    with pytest.raises(NotApproved):
        handler.keep(step.model_dump(mode="json"), CONTEXT)
    assert keeper.asked == []


def test_an_app_that_was_retired_loses_its_logins(world, keeper):
    handler.keep(retired(world), CONTEXT)

    assert keeper.asked == [("withdraw", LEAVE)]


def test_an_operator_has_the_secrets_of_one_app_replaced(keeper):
    handler.keep({"app_id": LEAVE}, CONTEXT)

    assert keeper.asked == [("rotate_app", LEAVE)]


def test_the_schedule_replaces_what_is_due_and_reports_the_ages(keeper, reported):
    handler.keep(SCHEDULED, CONTEXT)

    assert keeper.asked == [("rotate_due",)]
    assert set(reported[0]) == set(SecretKind)


@pytest.mark.parametrize("event", [{}, {"app_id": LEAVE, "force": True}, {"detail-type": "app.suspended"}])
def test_anything_else_is_refused_rather_than_guessed_at(keeper, event):
    with pytest.raises(ValueError, match="validation error"):
        handler.keep(event, CONTEXT)
    assert keeper.asked == []


def test_a_version_of_an_app_that_was_stopped_meanwhile_gets_no_login(world, keeper):
    step = world.submitted(LEAVE, RISKY)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    world.apps.advance(LEAVE, Trigger.RETIRED, REQUESTER)

    with pytest.raises(Exception, match=r"retired|published"):
        handler.keep(step.model_dump(mode="json"), CONTEXT)
    assert keeper.asked == []
