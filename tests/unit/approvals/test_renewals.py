"""Versions after one that a person approved, from submission to decision."""

import pytest

from appguard.approvals.model import Verdict
from appguard.apps.bundle import Bundle
from appguard.gates.model import Decision
from appguard.kernel.ids import BundleDigest
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import LEAVE, REQUESTER, RISKY, ROB, SAM, approve_finding

TEXT = RISKY.files["app.yaml"]
WORDING = (b"Your request was sent to your manager.", b"Sent. Your manager sees it now.")
NO_CALENDAR_QUERY = (b", team_calendar]", b"]")
MORE_MEMORY = (b"memory_mb: 256", b"memory_mb: 257")


@pytest.fixture
def world(world):
    rules = world.rules.skip_the_human.model_copy(update={"enabled": True})
    world.rules = world.rules.model_copy(update={"skip_the_human": rules})
    return world


def judged(world, step):
    """The decision about this version; without anybody being asked it is published at once."""
    world.gates_say(step, approve_finding())
    world.steps.classify(step)
    decision = world.steps.decide(step)
    if decision is Decision.CLEAR:
        world.steps.approve(step, Judgement())
        world.steps.publish(step)
    return decision


def approved(world, step, by=ROB):
    world.approvals.decide(world.approvals.ask(step, "token"), by, Verdict.APPROVE, "The purpose covers it.")
    world.steps.approve(step, Judgement(decided_by=by.id))
    world.steps.publish(step)


def next_version(world, *changes, **files):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    bundle = Bundle({"app.yaml": text, **files})
    world.apps.save_draft(LEAVE, bundle, REQUESTER)
    return StepInput.of(world.reviews.submit(LEAVE, bundle.digest, REQUESTER))


@pytest.fixture
def first(world):
    step = world.submitted(LEAVE, RISKY)
    assert judged(world, step) is Decision.NEEDS_APPROVAL
    approved(world, step)
    return step


def test_other_words_go_without_a_person_and_the_event_says_on_whose_approval(world, first):
    step = next_version(world, WORDING)

    assert judged(world, step) is Decision.CLEAR

    review = world.reviews.get(step.review_id)
    assert (review.state, review.decided_by, review.rests_on.approved_by) == ("published", None, ROB.id)
    [event] = [e for e in world.events("review.checked") if e.resource.id == step.review_id]
    assert event.metadata["rests_on"]["approval_id"] == review.rests_on.approval_id
    assert "nothing that the version a person approved" in event.metadata["reason"]
    assert event.metadata["skip_rules"] == world.rules.skip_the_human.digest


def test_where_the_policy_says_nothing_is_skipped_a_person_is_asked(world, first):
    rules = world.rules.skip_the_human.model_copy(update={"enabled": False})
    world.rules = world.rules.model_copy(update={"skip_the_human": rules})

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL


@pytest.mark.parametrize(
    ("changes", "files"),
    [
        ([MORE_MEMORY], {}),
        ([(b"label: Comment", b"label: Diagnosis")], {}),
        ([(b'"reason": comment', b'"reason": leave_type')], {}),
        ([(b"choices: [annual,", b"choices: [religious, annual,")], {}),
        ([(b"purpose: Replace", b"purpose: Watch, and replace")], {}),
        ([(b"owner: ana@", b"owner: bob@")], {}),
        ([(b"retention: 3y", b"retention: 1y")], {}),
        ([], {"logic.py": b"x = 1\n"}),
        ([], {"tests/test_it.py": b"x = 1\n"}),
        ([], {"rates.csv": b"1\n"}),
    ],
)
def test_a_person_is_asked_about_more_than_words(world, first, changes, files):
    assert judged(world, next_version(world, *changes, **files)) is Decision.NEEDS_APPROVAL


def test_small_steps_add_up_to_nothing_a_person_has_not_seen(world, first):
    """Down without a person, and up again: measured from the version in use that is more."""
    smaller = [
        (b"memory_mb: 256", b"memory_mb: 128"),
    ]
    assert judged(world, next_version(world, *smaller)) is Decision.CLEAR

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL


def test_a_version_that_went_without_a_person_is_nothing_to_rest_on(world, first):
    """However many versions went by themselves, they are all measured from what a person approved."""
    for n in range(3):
        assert judged(world, next_version(world, (WORDING[0], b"Sent %d." % n))) is Decision.CLEAR
    precedent = world.approval_store.precedent(LEAVE)

    assert precedent.bundle_digest == first.bundle_digest
    world.clock.pass_(days=90)
    assert judged(world, next_version(world, (WORDING[0], b"Sent."))) is Decision.NEEDS_APPROVAL


def test_an_approved_version_that_was_never_in_use_widens_nothing(world, first):
    wider = next_version(world, MORE_MEMORY)
    assert judged(world, wider) is Decision.NEEDS_APPROVAL
    world.approvals.decide(world.approvals.ask(wider, "t"), ROB, Verdict.APPROVE, "Fine.")
    world.steps.expire(wider)

    assert judged(world, next_version(world, MORE_MEMORY, WORDING)) is Decision.NEEDS_APPROVAL


def test_after_a_refusal_the_next_version_is_asked_about(world, first):
    refused = next_version(world, MORE_MEMORY)
    judged(world, refused)
    world.approvals.decide(world.approvals.ask(refused, "t"), ROB, Verdict.REFUSE, "No.")
    world.steps.refuse(refused, Judgement(decided_by=ROB.id, comment="No."))

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL


@pytest.mark.parametrize("how", ["revoked", "expired by its day"])
def test_what_is_accepted_no_longer_does_not_count(world, first, how):
    [exception] = world.exceptions.of_app(LEAVE)
    if how == "revoked":
        world.exceptions.revoke(exception.exception_id, SAM, "No longer.")
    else:
        rules = world.rules.skip_the_human.model_copy(update={"approval_days": 366})
        world.rules = world.rules.model_copy(update={"skip_the_human": rules})
        world.clock.pass_(days=180)

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL


def test_another_finding_of_a_rule_that_was_accepted_is_asked_about(world, first):
    step = next_version(world, WORDING)
    world.gates_say(step, approve_finding(message="It reads personal data: salaries."))

    assert world.steps.decide(step) is Decision.NEEDS_APPROVAL


def test_when_the_rules_have_changed_a_person_is_asked(world, first):
    step = next_version(world, WORDING)
    world.gates_say(step, approve_finding())
    newer = {"policy_digest": "sha256:" + "1" * 64}
    world.found[step.review_id] = [r.model_copy(update=newer) for r in world.found[step.review_id]]

    assert world.steps.decide(step) is Decision.NEEDS_APPROVAL


def test_when_a_connector_gives_something_else_a_person_is_asked(world, first):
    precedent = world.approval_store.precedent(LEAVE)
    changed = precedent.model_copy(update={"capabilities_digest": "sha256:as-it-was"})
    world.dynamodb.put_item(
        TableName="catalog",
        Item={
            "pk": {"S": f"APP_PRECEDENT#{LEAVE}"},
            "sk": {"S": "CURRENT"},
            "body": {"S": changed.model_dump_json()},
        },
    )

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL


def test_a_precedent_whose_bundle_is_gone_is_nothing_to_rest_on(world, first, caplog):
    world.s3.delete_object(Bucket="artifacts", Key=f"bundles/{BundleDigest(first.bundle_digest).hex}.zip")

    assert judged(world, next_version(world, WORDING)) is Decision.NEEDS_APPROVAL
