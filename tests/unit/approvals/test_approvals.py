import json

import pytest

from appguard.approvals.errors import (
    AlreadyDecided,
    ApprovalExpired,
    ApprovalSuperseded,
    ApprovalUnknown,
    CommentRequired,
    NotAReviewer,
    SeparationOfDuties,
)
from appguard.approvals.model import Verdict, approval_id, new_locator
from appguard.apps.bundle import Bundle
from appguard.kernel.errors import Conflict
from appguard.kernel.event import Result
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Failure
from tests.support.world import ANA, LEAVE, MIA, REQUESTER, RISKY, ROB, SAM, block

TOKEN = "the-task-token-of-the-run"


@pytest.fixture
def locator(world, step):
    return world.approvals.ask(step, TOKEN)


def rows(world) -> str:
    return json.dumps([world.dynamodb.scan(TableName=table)["Items"] for table in ("catalog", "outbox")])


def test_a_locator_has_256_bits_and_is_stored_only_as_a_hash(world, locator):
    assert len(new_locator()) == 43
    assert locator not in rows(world)
    assert approval_id(locator) in rows(world)


def test_the_task_token_is_in_no_event_and_no_record_a_page_sees(world, locator):
    opened = world.approvals.open(locator)

    assert TOKEN not in "".join(event.model_dump_json() for event in world.events())
    assert TOKEN not in opened.approval.model_dump_json() + opened.evidence.model_dump_json()
    assert TOKEN not in world.reviews.get(opened.approval.review_id).model_dump_json()


def test_asking_makes_the_review_wait(world, step, locator):
    review = world.reviews.get(step.review_id)

    assert review.state == "waiting"
    assert review.approval_id == approval_id(locator)
    assert [a.approval_id for a in world.approvals.waiting()] == [review.approval_id]


def test_opening_shows_and_decides_nothing(world, step, locator):
    for _ in range(3):
        opened = world.approvals.open(locator)

    assert opened.problem is None
    assert opened.approval.state == "waiting"
    assert world.answers.given == []
    assert world.reviews.get(step.review_id).state == "waiting"


def test_an_approval_is_found_by_its_id_as_well(world, locator):
    assert world.approvals.open(approval_id(locator)) == world.approvals.open(locator)


@pytest.mark.parametrize("ref", ["", "guess", "apr-" + "0" * 64, "x" * 5000])
def test_a_guess_finds_nothing(world, locator, ref):
    with pytest.raises(ApprovalUnknown):
        world.approvals.open(ref)


@pytest.mark.parametrize(("verdict", "told"), [(Verdict.APPROVE, "approved"), (Verdict.REFUSE, "refused")])
def test_a_reviewers_decision_resumes_the_run_with_verdict_bundle_and_person(
    world, step, locator, verdict, told
):
    world.approvals.decide(locator, ROB, verdict, " Fine by me. ")

    assert world.answers.given == [
        (
            TOKEN,
            {
                "verdict": told,
                "approval_id": approval_id(locator),
                "bundle_digest": step.bundle_digest,
                "decided_by": ROB.id,
                "comment": "Fine by me.",
            },
        )
    ]
    [event] = world.events("approval.decided")
    assert event.actor.id == ROB.id
    assert event.metadata["verdict"] == verdict.value
    assert "Fine by me" not in event.model_dump_json()
    assert world.approvals.waiting() == []


def test_a_refusal_needs_a_comment(world, locator):
    with pytest.raises(CommentRequired):
        world.approvals.decide(locator, ROB, Verdict.REFUSE, "  ")


def test_requester_and_owner_cannot_approve_their_own_app_even_as_reviewers(world, locator):
    ana_in_every_group = ANA.model_copy(update={"groups": frozenset({"reviewers", "security"})})
    under_another_id = ana_in_every_group.model_copy(update={"id": "google|42", "email": "Ana@Example.com"})

    for person in (ana_in_every_group, under_another_id):
        with pytest.raises(SeparationOfDuties):
            world.approvals.decide(locator, person, Verdict.APPROVE)

    assert [e.result for e in world.events("approval.denied")] == [Result.DENIED] * 2
    assert world.answers.given == []


def test_only_reviewers_decide(world, locator):
    with pytest.raises(NotAReviewer):
        world.approvals.decide(locator, MIA, Verdict.APPROVE)

    assert world.actions("approval.denied") == ["approval.denied"]


def test_a_decision_is_made_once(world, locator):
    world.approvals.decide(locator, ROB, Verdict.APPROVE)

    with pytest.raises(AlreadyDecided, match=r"rob@example\.com approved"):
        world.approvals.decide(locator, SAM, Verdict.REFUSE, "No.")
    assert "rob@example.com approved" in world.approvals.open(locator).problem.message
    assert len(world.answers.given) == 1


def test_of_two_people_deciding_at_once_exactly_one_is_heard(world, locator, monkeypatch):
    """Sam's decision comes between Rob's reading and Rob's writing."""
    write = world.approvals.store.decide

    def sam_first(*decision):
        monkeypatch.setattr(world.approvals.store, "decide", write)
        world.approvals.decide(locator, SAM, Verdict.REFUSE, "No.")
        return write(*decision)

    monkeypatch.setattr(world.approvals.store, "decide", sam_first)

    with pytest.raises(AlreadyDecided):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)
    assert [answer["verdict"] for _, answer in world.answers.given] == ["refused"]
    assert len(world.events("approval.decided")) == 1


def test_after_its_time_an_approval_cannot_be_decided_and_says_so(world, locator):
    world.clock.pass_(days=7)

    assert "until 08 March 2026" in world.approvals.open(locator).problem.message
    assert world.approvals.waiting() == []
    with pytest.raises(ApprovalExpired):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)


def test_asking_again_supersedes_the_older_link(world, step, locator):
    newer = world.approvals.ask(step, "another-token")

    with pytest.raises(ApprovalSuperseded):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)
    world.approvals.decide(newer, ROB, Verdict.APPROVE)
    assert [token for token, _ in world.answers.given] == ["another-token"]


def test_an_approval_is_worth_nothing_once_the_review_has_ended(world, step, locator):
    world.steps.fail(step, Failure(step="Run", error="TIMED_OUT"))

    with pytest.raises(ApprovalSuperseded):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)


def test_an_approval_does_not_hold_when_what_it_rests_on_has_changed(world, step, locator):
    world.gates_say(step, block())

    with pytest.raises(ApprovalSuperseded, match="rests on"):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)


def test_an_approval_does_not_carry_over_to_another_bundle(world, step, locator):
    world.approvals.decide(locator, ROB, Verdict.APPROVE)
    world.steps.fail(step, Failure(step="Provision", error="Boom"))
    changed = Bundle({"app.yaml": RISKY.files["app.yaml"] + b"# one more line\n"})
    world.apps.save_draft(LEAVE, changed, REQUESTER)
    next_step = StepInput.of(world.reviews.submit(LEAVE, changed.digest, REQUESTER))
    world.gates_say(next_step)

    assert world.approvals.ask(next_step, "t2") is not None
    assert len(world.answers.given) == 1


def test_a_new_run_on_the_same_evidence_has_its_answer_already(world, step, locator):
    world.approvals.decide(locator, ROB, Verdict.APPROVE)
    world.steps.fail(step, Failure(step="Provision", error="Boom"))
    again = StepInput.of(world.reviews.submit(LEAVE, step.bundle_digest, REQUESTER))

    assert world.approvals.ask(again, "token-of-run-2") is None
    assert world.answers.given[-1][0] == "token-of-run-2"
    assert world.answers.given[-1][1]["decided_by"] == ROB.id


def test_a_decision_whose_delivery_died_is_delivered_by_its_event_and_only_once(world, locator, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(world.answers, "resume", dies)
        with pytest.raises(ConnectionError):
            world.approvals.decide(locator, ROB, Verdict.APPROVE)
    [event] = world.events("approval.decided")

    for _ in range(2):
        world.approvals.deliver(event.metadata["approval_id"])

    assert len(world.answers.given) == 1
    assert TOKEN not in rows(world)


def dies(*_args):
    raise ConnectionError("the process died here")


def test_closing_a_review_takes_its_approval_off_the_list(world, step, locator):
    world.approvals.close(step.review_id, step.execution)
    world.approvals.close(step.review_id, step.execution)

    assert world.approvals.waiting() == []
    assert "review has ended" in world.approvals.open(locator).problem.message
    assert world.actions("approval.closed") == ["approval.closed"]


def test_late_news_of_an_earlier_run_closes_nothing(world, step, locator):
    world.approvals.close(step.review_id, f"{step.review_id}-2")

    assert world.approvals.open(locator).problem is None


def test_an_expired_approval_that_was_closed_still_says_that_it_expired(world, step, locator):
    world.clock.pass_(days=8)
    world.approvals.close(step.review_id, step.execution)
    assert world.actions("approval.expired") == ["approval.expired"]

    with pytest.raises(ApprovalExpired):
        world.approvals.decide(locator, ROB, Verdict.APPROVE)


def test_the_errors_of_deciding_have_codes_of_their_own():
    kinds = [AlreadyDecided, ApprovalExpired, ApprovalSuperseded]

    assert len({kind.code for kind in kinds}) == 3
    assert all(issubclass(kind, Conflict) for kind in kinds)
