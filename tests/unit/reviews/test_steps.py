import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.model import DueKind
from appguard.gates.model import Decision
from appguard.kernel.event import Actor, Role
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier
from appguard.reviews.errors import NotApproved
from appguard.reviews.model import StepState
from appguard.reviews.steps import Failure, Judgement
from tests.support.world import ANA, DEFECTS, LEAVE, NOW, REQUESTER, RISKY, ROB, block, harmless


def test_classifying_records_the_tier_and_its_reasons(world):
    step = world.submitted(LEAVE, RISKY)

    risk = world.steps.classify(step)

    assert risk.tier >= RiskTier.MEDIUM
    assert world.reviews.get(step.review_id).tier == risk.tier
    [event] = world.events("review.classified")
    assert event.metadata["reasons"] == list(risk.reasons)


def test_a_manifest_nobody_can_read_is_of_high_risk_and_refused(world):
    step = world.submitted(DEFECTS, Bundle({"app.yaml": b"kind: nonsense"}))
    world.gates_say(step, block("manifest-invalid"))

    assert world.steps.classify(step).tier is RiskTier.HIGH
    assert world.steps.decide(step) is Decision.REFUSED


def test_a_harmless_app_without_findings_is_clear(world):
    step = world.submitted()
    world.gates_say(step)

    assert world.steps.decide(step) is Decision.CLEAR


def test_a_risky_app_needs_a_person(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)

    assert world.steps.decide(step) is Decision.NEEDS_APPROVAL


@pytest.mark.parametrize("silent", ["manifest", "policy", "secrets", "code"])
def test_a_gate_that_left_no_evidence_refuses(world, silent):
    step = world.submitted()
    world.gates_say(step, only=tuple({"manifest", "policy", "secrets", "code"} - {silent}))

    assert world.steps.decide(step) is Decision.REFUSED


def test_evidence_about_another_bundle_does_not_count(world):
    step = world.submitted()
    world.gates_say(step.model_copy(update={"bundle_digest": harmless("Another").digest}))

    assert world.steps.decide(step) is Decision.REFUSED


def test_what_a_gate_left_in_an_earlier_run_does_not_count_when_it_failed_in_this_one(world):
    step = world.submitted()
    world.gates_say(step)

    assert world.steps.decide(step, ["policy"]) is Decision.REFUSED
    review = world.steps.refuse(step, Judgement(failed_gates=("policy",)))
    assert review.reasons[0].startswith("The policy gate did not finish.")


def test_a_refusal_by_the_gates_says_what_blocks_and_how_to_mend_it(world):
    step = world.submitted()
    world.gates_say(step, block(), warning())

    review = world.steps.refuse(step, Judgement())

    assert review.reasons == ("A password stands in app.yaml. Remove it.",)
    assert review.steps[1].state is StepState.FAILED
    assert review.steps[1].note == review.reasons[0]
    assert world.apps.get(DEFECTS).state is State.REFUSED
    [event] = world.events("review.refused")
    assert event.metadata["rules"] == ["secret-found"]


def test_a_refusal_by_a_person_gives_their_comment_as_the_reason_but_not_to_the_ledger(world):
    step = world.submitted()
    world.gates_say(step)

    review = world.steps.refuse(step, Judgement(decided_by=ROB.id, comment="Ask HR first."))

    assert review.reasons == ("Ask HR first.",)
    assert review.decided_by == ROB.id
    assert "Ask HR first." not in world.events("review.refused")[0].model_dump_json()


def test_an_approved_app_is_published_with_the_grants_its_manifest_asked_for_and_due_dates(world):
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement(decided_by=ROB.id))

    review = world.steps.publish(step)

    app = world.apps.get(DEFECTS)
    assert app.state is State.ACTIVE
    assert app.publication.bundle_digest == step.bundle_digest
    assert app.publication.grants.connectors["office-directory"].commands == {"report_defect"}
    assert review.url == "https://apps.example.com/apps/defects/"
    assert review.decided_by == ROB.id
    assert world.apps.due(DueKind.IDLE, NOW.date().replace(month=12)) == [DEFECTS]


def test_nothing_is_published_that_was_not_approved(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)

    with pytest.raises(NotApproved):
        world.steps.publish(step)
    assert world.apps.get(LEAVE).publication is None


def test_every_step_may_run_twice(world):
    step = world.submitted()
    world.gates_say(step)
    for act in (
        lambda: world.steps.classify(step),
        lambda: world.steps.decide(step),
        lambda: world.steps.approve(step, Judgement()),
        lambda: world.steps.publish(step),
    ):
        act()
        act()

    assert world.actions() == [
        "app.approved",
        "app.created",
        "app.drafted",
        "app.published",
        "app.submitted",
        "review.approved",
        "review.checked",
        "review.classified",
        "review.published",
        "review.submitted",
    ]


@pytest.mark.parametrize("end", ["refuse", "expire", "fail"])
def test_every_end_may_be_written_twice_and_frees_the_app(world, end):
    step = world.submitted()
    write = {
        "refuse": lambda: world.steps.refuse(step, Judgement()),
        "expire": lambda: world.steps.expire(step),
        "fail": lambda: world.steps.fail(step, Failure(step="Provision", error="Boom")),
    }[end]

    assert write() == write()
    assert world.apps.get(DEFECTS).state in (State.REFUSED, State.DRAFT)
    assert world.review_store.open_of(DEFECTS) is None


def test_a_step_that_died_between_app_and_review_is_completed_when_repeated(world, monkeypatch):
    step = world.submitted()
    world.gates_say(step)
    with monkeypatch.context() as broken:
        broken.setattr(world.review_store, "save", dies)
        with pytest.raises(ConnectionError):
            world.steps.approve(step, Judgement())
    assert world.apps.get(DEFECTS).state is State.APPROVED

    assert world.steps.approve(step, Judgement()).state == "approved"
    assert world.actions("app.approved") == ["app.approved"]


def dies(*_args, **_named):
    raise ConnectionError("the process died here")


def test_a_review_ends_even_when_the_app_was_moved_elsewhere_meanwhile(world):
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    newer = harmless("Next version")
    world.apps.save_draft(DEFECTS, newer, REQUESTER)
    review = world.reviews.submit(DEFECTS, newer.digest, REQUESTER)
    world.apps.advance(DEFECTS, Trigger.SUSPENDED, Actor(id="sweep", role=Role.SYSTEM))

    ended = world.steps.fail(
        step.model_copy(
            update={
                "review_id": review.review_id,
                "bundle_digest": newer.digest,
                "execution": review.execution,
            }
        ),
        Failure(step="Publish", error="IllegalTransition"),
    )

    assert ended.state == "failed"
    assert world.apps.get(DEFECTS).state is State.SUSPENDED


def test_what_a_failing_step_said_is_not_in_the_record(world):
    step = world.submitted()

    review = world.steps.fail(step, Failure(step="Provision", error="Boom", cause="token=hunter2"))

    assert "hunter2" not in review.model_dump_json()
    assert "hunter2" not in world.events("review.failed")[0].model_dump_json()
    assert review.requester == ANA.id


def warning() -> Finding:
    return Finding(gate="policy", rule="w", severity=Severity.WARN, message="Careful.", remediation="-")
