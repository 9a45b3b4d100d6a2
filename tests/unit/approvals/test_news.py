import pytest

from appguard.approvals.news import TOLD, news
from appguard.apps.lifecycle import Trigger
from appguard.apps.model import KnownFault
from appguard.kernel.event import Actor
from appguard.reviews.steps import Failure, Judgement
from tests.support.world import DEFECTS, NOW, ROB, block

PORTAL = "https://portal.example.com/"


def told(world, action, review_id=None):
    [event] = world.events(action)
    review = world.reviews.get(review_id) if review_id else None
    return news(event, world.apps.get(DEFECTS), review, PORTAL)


def test_a_refusal_by_the_checks_lists_what_to_correct(world):
    step = world.submitted()
    world.gates_say(step, block())
    world.steps.refuse(step, Judgement())

    mail = told(world, "review.refused", step.review_id)

    assert mail.to == "ana@example.com"
    assert "An automatic check refused" in mail.text
    assert "- A password stands in app.yaml. Remove it." in mail.text
    assert "https://portal.example.com/my/defects" in mail.text


def test_a_refusal_by_a_person_gives_their_words(world):
    step = world.submitted()
    world.steps.refuse(step, Judgement(decided_by=ROB.id, comment="Ask HR first."))

    mail = told(world, "review.refused", step.review_id)

    assert "A reviewer refused" in mail.text
    assert "- Ask HR first." in mail.text


def test_an_expired_and_a_failed_review_say_what_to_do(world):
    step = world.submitted()
    world.steps.expire(step)
    assert "Submit it again" in told(world, "review.expired", step.review_id).text

    again = world.reviews.submit(DEFECTS, step.bundle_digest, ROB.acting_as("requester"))
    world.steps.fail(
        step.model_copy(update={"execution": again.execution}), Failure(step="Publish", error="X")
    )
    assert "Submit it again" in told(world, "review.failed", step.review_id).text


def test_a_published_app_says_until_when_it_runs_and_a_suspended_one_how_it_comes_back(world):
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    assert "It runs until" in told(world, "review.published", step.review_id).text

    world.apps.advance(DEFECTS, Trigger.SUSPENDED, Actor.system("operations"))
    assert "confirm that" in told(world, "app.suspended").text


def test_a_fault_that_became_known_says_what_to_pin_and_that_the_app_runs_on(world):
    step = world.submitted()
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    fixed = KnownFault(package="jinja2", version="3.1.2", advisory="CVE-1", fixed="3.1.6", since=NOW)
    unfixed = fixed.model_copy(update={"package": "x", "fixed": None})
    malware = fixed.model_copy(update={"malicious": True})
    world.apps.know_faults(world.apps.get(DEFECTS), (fixed, unfixed, malware), Actor.system("operations"))

    text = told(world, "app.vulnerable").text

    assert "It goes on running" in text
    assert "- jinja2 3.1.2: CVE-1. Pin jinja2==3.1.6." in text
    assert "No version mends it yet: do without x" in text
    assert "malicious software: remove jinja2" in text


def test_nobody_is_told_of_what_needs_no_telling(world):
    world.submitted()

    assert told(world, "review.submitted") is None


@pytest.mark.parametrize("action", TOLD)
def test_every_ending_has_its_words(action):
    assert action.split(".")[1] in {
        "published",
        "refused",
        "expired",
        "failed",
        "suspended",
        "archived",
        "revoked",
        "vulnerable",
    }
