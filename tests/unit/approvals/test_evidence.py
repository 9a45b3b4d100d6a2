from appguard.apps.bundle import Bundle
from appguard.reviews.steps import Judgement
from tests.support.git_source import git
from tests.support.world import LEAVE, REQUESTER, RISKY, block

TEXT = RISKY.files["app.yaml"]


def evidence(world, step):
    return world.evidence(world.reviews.get(step.review_id))


def texts(capabilities, new):
    return [c.text for c in capabilities if c.new is new]


def test_it_says_in_plain_words_what_the_app_reads_changes_and_who_may_open_it(world):
    step = world.submitted(LEAVE, RISKY)

    shown = texts(evidence(world, step).capabilities, new=True)

    assert "Can be opened by everybody with a company sign-in." in shown
    assert any(text.startswith("Reads “") and "(personal)" in text for text in shown)
    assert any(text.startswith("Changes ") for text in shown)


def test_it_names_purpose_requester_tier_reasons_findings_and_the_digest(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step, block())

    shown = evidence(world, step)

    assert shown.purpose.startswith("Replace the leave spreadsheet")
    assert shown.requester == "ana@example.com"
    assert shown.reasons
    assert [finding.rule for finding in shown.findings] == ["secret-found"]
    assert shown.gates[0].blocks == 1
    assert shown.bundle_digest == RISKY.digest
    assert shown.replaces is None


def test_what_came_from_git_says_from_where_and_another_commit_is_other_evidence(world):
    digest = world.draft(LEAVE, RISKY)
    review = world.reviews.submit(LEAVE, digest, REQUESTER, git())
    shown = world.evidence(review)

    assert shown.source == git()
    other = review.model_copy(update={"source": git().model_copy(update={"commit": "b" * 40})})
    assert world.evidence(other).digest != shown.digest


def test_of_a_next_version_it_shows_what_is_new_and_what_is_gone(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    other = TEXT.replace(
        b"queries: [my_leave_balance, my_leave_requests, team_calendar]",
        b"queries: [my_leave_balance, my_leave_requests, my_health_notes]",
    )
    next_version = Bundle({"app.yaml": other})
    world.apps.save_draft(LEAVE, next_version, REQUESTER)
    review = world.reviews.submit(LEAVE, next_version.digest, REQUESTER)

    shown = world.evidence(review)

    assert ["special" in text for text in texts(shown.capabilities, new=True)] == [True]
    assert shown.changes.grew
    assert any("Who is away in my team" in entry.sentence for entry in shown.changes.less)
    assert shown.replaces == RISKY.digest


def test_of_a_decided_version_it_still_shows_what_was_compared(world):
    """Once it is published the version in use is itself: compared with that, nothing would have changed."""
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    before = evidence(world, step).digest
    world.steps.approve(step, Judgement())
    world.steps.publish(step)

    shown = evidence(world, step)

    assert shown.digest == before
    assert shown.replaces is None
    assert shown.changes.grew


def test_its_digest_changes_with_anything_a_decision_rests_on(world):
    step = world.submitted(LEAVE, RISKY)
    before = evidence(world, step).digest
    same = evidence(world, step).digest
    world.gates_say(step, block())

    assert before == same
    assert evidence(world, step).digest != before
