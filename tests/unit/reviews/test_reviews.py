import json

import pytest

from appguard.apps.lifecycle import IllegalTransition, State, Trigger
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import ReviewId
from appguard.reviews.errors import AnotherReviewOpen, NoReview, NotTheDraft, StaleRun
from appguard.reviews.model import StepInput, StepState
from appguard.reviews.steps import Failure, Judgement
from tests.support.world import DEFECTS, REQUESTER, block, harmless


def runs(world):
    found = world.sfn.list_executions(stateMachineArn=world.machine_arn)["executions"]
    return sorted(run["name"] for run in found)


def test_a_submission_puts_the_app_in_review_and_starts_one_run_named_after_the_review(world):
    step = world.submitted()

    assert world.apps.get(DEFECTS).state is State.IN_REVIEW
    assert runs(world) == [step.review_id]
    assert world.actions("review") == ["review.submitted"]


def test_the_run_is_started_with_what_its_steps_need_and_nothing_else(world):
    step = world.submitted()

    arn = world.sfn.list_executions(stateMachineArn=world.machine_arn)["executions"][0]["executionArn"]
    given = json.loads(world.sfn.describe_execution(executionArn=arn)["input"])

    assert given == {
        **step.model_dump(mode="json"),
        "source": {"kind": "portal", "draft": step.bundle_digest},
    }


def test_submitting_the_same_bundle_twice_gives_one_review(world):
    step = world.submitted()

    again = world.reviews.submit(DEFECTS, step.bundle_digest, REQUESTER)

    assert again.review_id == step.review_id
    assert runs(world) == [step.review_id]
    assert world.actions("review") == ["review.submitted"]
    assert world.actions("app.submitted") == ["app.submitted"]


@pytest.mark.parametrize("dies_at", ["save", "advance", "start"])
def test_a_submission_that_dies_anywhere_is_completed_by_the_next(world, monkeypatch, dies_at):
    digest = world.draft(DEFECTS, harmless())
    target = {
        "save": (world.review_store, "save"),
        "advance": (world.apps, "advance"),
        "start": (world.reviews._workflow, "start"),
    }[dies_at]
    with monkeypatch.context() as broken:
        broken.setattr(*target, dies)
        with pytest.raises(ConnectionError):
            world.reviews.submit(DEFECTS, digest, REQUESTER)

    review = world.reviews.submit(DEFECTS, digest, REQUESTER)

    assert world.apps.get(DEFECTS).state is State.IN_REVIEW
    assert runs(world) == [review.review_id]
    assert world.actions("review") == ["review.submitted"]


def dies(*_args, **_named):
    raise ConnectionError("the process died here")


def test_only_the_draft_can_be_submitted(world):
    world.draft(DEFECTS, harmless())

    with pytest.raises(NotTheDraft):
        world.reviews.submit(DEFECTS, harmless("Another name").digest, REQUESTER)


def test_one_version_of_an_app_is_reviewed_at_a_time(world):
    world.submitted()
    other = harmless("Another name")
    world.apps.save_draft(DEFECTS, other, REQUESTER)

    with pytest.raises(AnotherReviewOpen):
        world.reviews.submit(DEFECTS, other.digest, REQUESTER)


def test_after_a_refusal_another_version_can_be_submitted(world):
    step = world.submitted()
    world.gates_say(step, block())
    world.steps.refuse(step, Judgement())
    other = harmless("Another name")
    world.apps.save_draft(DEFECTS, other, REQUESTER)

    review = world.reviews.submit(DEFECTS, other.digest, REQUESTER)

    assert review.review_id != step.review_id
    assert [r.state for r in world.reviews.of_app(DEFECTS)].count("running") == 1


def test_a_refused_bundle_stays_refused(world):
    step = world.submitted()
    world.gates_say(step, block())
    world.steps.refuse(step, Judgement())

    again = world.reviews.submit(DEFECTS, step.bundle_digest, REQUESTER)

    assert again.state == "refused"
    assert runs(world) == [step.review_id]


def test_a_failed_review_runs_again_under_a_new_name_and_the_old_run_may_change_nothing(world):
    first = world.submitted()
    world.steps.fail(first, Failure(step="Provision", error="Boom"))

    again = world.reviews.submit(DEFECTS, first.bundle_digest, REQUESTER)

    assert again.review_id == first.review_id
    assert again.execution == f"{first.review_id}-2"
    assert runs(world) == [first.review_id, again.execution]
    assert world.apps.get(DEFECTS).state is State.IN_REVIEW
    with pytest.raises(StaleRun):
        world.steps.classify(first)


def test_an_app_that_was_stopped_meanwhile_is_not_submitted_again(world):
    """Nothing is written: a review that cannot run would keep the app from ever being reviewed."""
    first = world.submitted()
    world.gates_say(first)
    world.steps.approve(first, Judgement())
    world.steps.publish(first)
    newer = harmless("Next version")
    world.apps.save_draft(DEFECTS, newer, REQUESTER)
    step = StepInput.of(world.reviews.submit(DEFECTS, newer.digest, REQUESTER))
    world.steps.expire(step)
    world.apps.advance(DEFECTS, Trigger.SUSPENDED, REQUESTER)

    with pytest.raises(IllegalTransition):
        world.reviews.submit(DEFECTS, newer.digest, REQUESTER)

    assert world.reviews.get(step.review_id).state == "expired"
    assert world.review_store.open_of(DEFECTS) is None


def test_a_failed_review_of_a_former_draft_does_not_run_again(world):
    step = world.submitted()
    world.steps.fail(step, Failure(step="Provision", error="Boom"))
    world.apps.save_draft(DEFECTS, harmless("Another name"), REQUESTER)

    with pytest.raises(NotTheDraft):
        world.reviews.submit(DEFECTS, step.bundle_digest, REQUESTER)


def test_a_run_that_died_without_a_word_is_replaced_when_the_bundle_is_submitted_again(world):
    first = world.submitted()
    arn = world.sfn.list_executions(stateMachineArn=world.machine_arn)["executions"][0]["executionArn"]
    world.sfn.stop_execution(executionArn=arn)

    again = world.reviews.submit(DEFECTS, first.bundle_digest, REQUESTER)

    assert again.attempt == 2
    assert world.reviews.current(StepInput.of(again)) == again


def test_an_ended_review_takes_no_step_any_more(world):
    step = world.submitted()
    world.steps.expire(step)

    with pytest.raises(NoReview):
        world.steps.classify(step)


def test_an_unknown_review_is_not_found(world):
    with pytest.raises(NotFound):
        world.reviews.get(ReviewId("rev-" + "0" * 24))


def test_the_progress_says_what_is_done_and_where_it_stands(world):
    step = world.submitted()
    world.steps.classify(step)

    states = [s.state for s in world.reviews.get(step.review_id).steps]

    assert states == [StepState.DONE, StepState.DONE, StepState.CURRENT] + [StepState.AHEAD] * 4
