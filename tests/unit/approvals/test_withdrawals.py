"""A version is taken back, or changed, while people are asked about it."""

import pytest

from appguard.approvals.errors import AlreadyDecided, ApprovalWithdrawn
from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from appguard.apps.bundle import Bundle
from appguard.reviews.errors import TooLateToWithdraw
from appguard.reviews.model import StepInput, Withdrawal
from appguard.reviews.steps import Failure, Judgement
from tests.support.world import DORA, LEAVE, REQUESTER, RISKY, ROB

ASKED, CHANGED = Withdrawal.ASKED, Withdrawal.CHANGED
NEXT = Bundle({"app.yaml": RISKY.files["app.yaml"] + b"# one more line\n"})


def ends(world, step):
    return world.reviews.get(step.review_id).state, world.apps.get(LEAVE).state


def status(world, step):
    arn = f"{world.machine_arn.replace(':stateMachine:', ':execution:')}:{step.execution}"
    return world.sfn.describe_execution(executionArn=arn)["status"]


def test_withdrawing_ends_the_review_its_run_and_what_was_asked_and_gives_the_draft_back(world, step, link):
    world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)

    assert ends(world, step) == ("withdrawn", "draft")
    assert status(world, step) == "ABORTED"
    assert world.approvals.waiting() == []
    for action in ("approval.withdrawn", "review.withdrawn"):
        assert [event.actor.id for event in world.events(action)] == [REQUESTER.id]
    assert world.actions("app.withdrawn") == ["app.withdrawn"]
    assert world.reviews.open_of(LEAVE) is None


def test_deciding_after_it_says_so(world, step, link):
    world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)

    with pytest.raises(ApprovalWithdrawn, match="was withdrawn on 01 March 2026"):
        world.approvals.decide(link, ROB, Verdict.APPROVE)
    assert "was withdrawn" in world.approvals.open(link).problem.message
    assert world.answers.given == []


def test_a_review_that_asks_nobody_yet_can_be_withdrawn_and_then_asks_nobody(world, step):
    world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)

    assert ends(world, step) == ("withdrawn", "draft")
    world.steps.fail(step, Failure(step="Run", error="ABORTED"))
    assert ends(world, step) == ("withdrawn", "draft")


def test_the_same_version_can_be_submitted_again_and_is_asked_about_anew(world, step, link):
    world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)
    again = StepInput.of(world.reviews.submit(LEAVE, RISKY.digest, REQUESTER))
    world.gates_say(again)
    newer = world.approvals.ask(again, "token-2")

    for event in (*world.events("review.withdrawn"), *world.events("approval.withdrawn")):
        world.approvals.withdrawals.finish(step.review_id, event.metadata["execution"], event.actor)
    assert world.approvals.decide(newer, ROB, Verdict.APPROVE).state == "approved"


def test_after_a_decision_it_is_too_late(world, step, link):
    world.approvals.decide(link, ROB, Verdict.APPROVE)

    with pytest.raises(AlreadyDecided):
        world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    with pytest.raises(TooLateToWithdraw):
        world.reviews.withdraw(step.review_id, REQUESTER, ASKED)
    assert world.reviews.get(step.review_id).state == "approved"


def test_of_a_decision_and_a_withdrawal_at_once_the_first_counts(world, step, link, monkeypatch):
    write = world.approvals.store.decide

    def withdrawn_first(*decision):
        monkeypatch.setattr(world.approvals.store, "decide", write)
        world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)
        return write(*decision)

    monkeypatch.setattr(world.approvals.store, "decide", withdrawn_first)

    with pytest.raises(ApprovalWithdrawn):
        world.approvals.decide(link, ROB, Verdict.APPROVE)
    assert world.actions("approval.decided") == []
    assert ends(world, step) == ("withdrawn", "draft")


@pytest.mark.parametrize("dies_at", ["withdraw", "let_go"])
def test_a_withdrawal_that_died_halfway_is_finished_by_its_event(world, step, link, monkeypatch, dies_at):
    def dies(*_):
        raise ConnectionError("the process died here")

    with monkeypatch.context() as broken:
        broken.setattr(world.reviews, dies_at, dies)
        with pytest.raises(ConnectionError):
            world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)

    for _ in range(2):
        world.approvals.withdrawals.finish(step.review_id, step.execution, REQUESTER)
    assert ends(world, step) == ("withdrawn", "draft")
    assert status(world, step) == "ABORTED"


@pytest.fixture
def next_version(world, step, link):
    """A version is in use, and the next waits for people."""
    world.approvals.decide(link, ROB, Verdict.APPROVE)
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    world.steps.publish(step)
    world.apps.save_draft(LEAVE, NEXT, REQUESTER)
    step = StepInput.of(world.reviews.submit(LEAVE, NEXT.digest, REQUESTER))
    world.gates_say(step)
    return step


def changed(world):
    later = Bundle({"app.yaml": NEXT.files["app.yaml"] + b"# and another\n"})
    world.apps.save_draft(LEAVE, later, REQUESTER)


def test_a_changed_draft_voids_what_waits_at_once_and_ends_the_review_by_its_event(world, next_version):
    link = world.approvals.ask(next_version, "token-2")
    world.approvals.withdrawals.void(LEAVE, REQUESTER)
    assert world.approvals.open(link).problem is None

    changed(world)
    with pytest.raises(ApprovalWithdrawn, match="changed after it was submitted"):
        world.approvals.decide(link, ROB, Verdict.APPROVE)
    world.approvals.withdrawals.void(LEAVE, REQUESTER)

    assert ends(world, next_version) == ("withdrawn", "active")
    with pytest.raises(ApprovalWithdrawn, match="fell away when the app was changed"):
        world.approvals.decide(link, ROB, Verdict.APPROVE)


def test_nobody_is_asked_about_a_version_that_was_changed_before(world, next_version):
    changed(world)

    assert world.approvals.ask(next_version, "token-2") is None
    assert ends(world, next_version) == ("withdrawn", "active")
    assert world.approvals.waiting() == []


def test_a_yes_already_given_ends_with_the_withdrawal(world, step):
    world.policy = approval_policy()
    link = world.approvals.ask(step, "token")
    world.approvals.decide(link, DORA, Verdict.APPROVE)

    world.approvals.withdrawals.withdraw(step.review_id, REQUESTER, ASKED)

    with pytest.raises(ApprovalWithdrawn):
        world.approvals.decide(link, ROB, Verdict.APPROVE)
