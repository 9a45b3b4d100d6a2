"""The entry points: what the state machine hands them is read, what it needs back is returned."""

import json
from types import SimpleNamespace

import pytest

from appguard.reviews import handler
from tests.support.world import ROB, block

CONTEXT = SimpleNamespace(
    function_name="reviews",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:reviews",
    aws_request_id="request",
)
FINE = [{"gate": gate, "blocks": 0} for gate in ("manifest", "policy", "code", "secrets")]


@pytest.fixture
def world(world, monkeypatch):
    monkeypatch.setattr(handler, "steps", lambda: world.steps)
    return world


def call(entry, step, **more):
    return getattr(handler, entry)({**step.model_dump(mode="json"), **more}, CONTEXT)


def test_a_clear_review_is_published(world):
    step = world.submitted()
    world.gates_say(step)

    assert call("classify", step)["tier"] == "low"
    assert call("decide", step, gates=FINE) == {"decision": "clear", "failed_gates": []}
    assert call("approve", step, judgement={"verdict": "approved"})["state"] == "approved"
    assert call("publish", step)["state"] == "published"


def test_a_failed_gate_refuses_and_the_refusal_knows_which(world):
    step = world.submitted()
    world.gates_say(step)
    gates = [*FINE[:3], {"gate": "secrets", "failed": True, "error": "Boom"}]

    decided = call("decide", step, gates=gates)

    assert decided == {"decision": "refused", "failed_gates": ["secrets"]}
    call("refuse", step, judgement=decided)
    assert "secrets gate" in world.reviews.get(step.review_id).reasons[0]


def test_a_persons_refusal_carries_their_words(world):
    step = world.submitted()
    world.gates_say(step, block())
    answer = {"verdict": "refused", "approval_id": "apr-1", "decided_by": ROB.id, "comment": "Ask HR first."}

    assert call("refuse", step, judgement=answer)["state"] == "refused"
    assert world.reviews.get(step.review_id).reasons == ("Ask HR first.",)


def test_expiry_and_failure_are_recorded(world):
    step = world.submitted()

    assert call("expire", step)["state"] == "expired"
    failure = {"step": "Publish", "error": "Boom", "cause": "why"}
    assert call("fail", step, failure=failure)["state"] == "expired"


def ended(step, status):
    detail = {"status": status, "input": json.dumps(step.model_dump(mode="json")), "error": None}
    handler.ended({"id": "1", "source": "aws.states", "detail": detail}, CONTEXT)


@pytest.mark.parametrize("status", ["TIMED_OUT", "ABORTED", "FAILED"])
def test_a_run_that_died_without_recording_its_end_is_recorded(world, status):
    step = world.submitted()

    ended(step, status)

    review = world.reviews.get(step.review_id)
    assert (review.state, review.error) == ("failed", status)


def test_a_run_that_recorded_its_end_keeps_it_and_a_replaced_run_says_nothing(world):
    step = world.submitted()
    call("expire", step)
    ended(step, "FAILED")
    assert world.reviews.get(step.review_id).state == "expired"

    again = world.reviews.submit(step.app_id, step.bundle_digest, ROB.acting_as("requester"))
    ended(step, "FAILED")
    assert world.reviews.get(again.review_id).state == "running"


def test_a_run_that_succeeded_is_no_failure(world):
    step = world.submitted()

    ended(step, "SUCCEEDED")

    assert world.reviews.get(step.review_id).state == "running"
