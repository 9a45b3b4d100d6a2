"""The entry points: an app gets a place to run only while it may run."""

from types import SimpleNamespace

import pytest

from appguard.apps.lifecycle import IllegalTransition, Trigger
from appguard.provenance.errors import NotAttested
from appguard.provisioning import handler
from appguard.provisioning.provisioner import Progress
from appguard.reviews.errors import NotApproved
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import DEFECTS, REQUESTER, harmless

CONTEXT = SimpleNamespace(
    function_name="provisioning",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:provisioning",
    aws_request_id="request",
)


class Places:
    """Remembers what was asked of it."""

    def __init__(self):
        self.asked = []

    def provision(self, *_):
        self.asked.append("provision")

    def status(self, *_):
        self.asked.append("status")
        return Progress("ready")


@pytest.fixture
def places(world, monkeypatch):
    places = Places()
    monkeypatch.setattr(handler, "provisioner", lambda: places)
    monkeypatch.setattr(handler, "reviews", lambda: world.reviews)
    monkeypatch.setattr(handler, "attested", world.attested)
    return places


@pytest.fixture
def next_version(world):
    """The review of an active app's next version, approved a moment ago."""
    first = world.submitted()
    world.steps.approve(first, Judgement())
    world.steps.publish(first)
    newer = harmless("Next version")
    world.apps.save_draft(DEFECTS, newer, REQUESTER)
    step = StepInput.of(world.reviews.submit(DEFECTS, newer.digest, REQUESTER))
    world.steps.approve(step, Judgement())
    return step


def call(entry, step):
    return getattr(handler, entry)(step.model_dump(mode="json"), CONTEXT)


def test_an_approved_version_gets_its_place(places, next_version):
    assert call("provision", next_version)["status"] == "working"
    assert call("status", next_version)["status"] == "ready"
    assert places.asked == ["provision", "status"]


@pytest.mark.parametrize("entry", ["provision", "status"])
@pytest.mark.parametrize("stopped", [Trigger.SUSPENDED, Trigger.RETIRED])
def test_an_app_stopped_during_its_review_is_not_brought_back_by_it(
    world, places, next_version, entry, stopped
):
    world.apps.advance(DEFECTS, stopped, REQUESTER)

    with pytest.raises(IllegalTransition):
        call(entry, next_version)
    assert places.asked == []


def test_what_is_not_attested_gets_no_place(places, next_version, monkeypatch):
    def missing(review):
        raise NotAttested(f"there is none for {review.execution}")

    monkeypatch.setattr(handler, "attested", missing)

    with pytest.raises(NotAttested):
        call("provision", next_version)
    assert places.asked == []


@pytest.mark.parametrize("entry", ["provision", "status"])
def test_what_nobody_approved_gets_no_place(world, places, entry):
    step = world.submitted()

    with pytest.raises(NotApproved):
        call(entry, step)
    assert places.asked == []
