"""A version from a repository's CI, taken as if the owner had submitted it in the portal."""

import pytest

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import BundleError
from appguard.apps.lifecycle import IllegalTransition, Trigger
from appguard.kernel.errors import Forbidden
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.reviews.errors import AnotherReviewOpen
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from appguard.submissions.errors import CiTokenRefused, NotLinked, TokenUsed
from tests.support.forge import COMMIT, GITHUB, REPOSITORY
from tests.support.world import ANA, DEFECTS, REQUESTER, ROB, block, harmless


def test_a_push_becomes_the_apps_draft_and_its_review_with_the_commit_as_source(door, world):
    door.app()
    review = door.send()

    assert review.state == "running"
    assert world.apps.get(DEFECTS).draft == review.bundle_digest == harmless().digest
    assert world.apps.bundle(review.bundle_digest).files == harmless().files
    assert (review.source.repository, review.source.commit, review.source.folder) == (REPOSITORY, COMMIT, ".")


def test_the_ledger_says_whose_run_sent_what_from_where(door, world):
    door.app()
    review = door.send()
    [received] = world.events("submission.received")
    [submitted] = world.events("review.submitted")

    assert (received.actor.id, received.actor.role) == ("github.com/octocat", Role.REQUESTER)
    assert (received.app_id, received.bundle_digest) == (DEFECTS, review.bundle_digest)
    assert received.metadata["issuer"] == GITHUB
    assert received.metadata["source"]["commit"] == submitted.metadata["source"]["commit"] == COMMIT
    assert world.events("app.drafted")[-1].actor.id == "github.com/octocat"


def test_the_owner_who_made_the_link_is_the_requester_where_nobody_knows_the_login(door):
    door.app()
    assert door.send().requester == ANA.id


def test_the_person_a_login_belongs_to_is_the_requester_and_so_cannot_decide(door):
    door.app()
    assert door.send(door.hub.token(actor="rob-pushes")).requester == ROB.id


def test_a_token_is_used_once(door, world):
    door.app()
    token = door.hub.token()
    door.send(token)

    with pytest.raises(TokenUsed):
        door.send(token)
    refused(world, world.reviews.of_app(DEFECTS)[0])
    with pytest.raises(TokenUsed):
        door.send(token, harmless("Another name"))
    assert world.apps.get(DEFECTS).draft == harmless().digest


def test_the_same_version_twice_is_one_review(door, world):
    door.app()
    first, again = door.send(), door.send()

    assert first.review_id == again.review_id
    assert len(world.events("app.drafted")) == len(world.events("review.submitted")) == 1
    assert len(world.events("submission.received")) == 2


@pytest.mark.parametrize(
    ("claims", "folder"),
    [
        ({"repository": "example/other"}, "."),
        ({"repository": "evil/defects"}, "."),
        ({}, "apps/defects"),
    ],
    ids=str,
)
def test_another_repository_or_folder_is_not_the_one_that_was_linked(door, world, claims, folder):
    door.app()
    with pytest.raises(NotLinked):
        door.send(door.hub.token(**claims), folder=folder)
    assert world.apps.get(DEFECTS).draft is None
    assert world.events("submission") == []


def test_a_folder_is_linked_not_the_repository_around_it(door):
    door.app(folder="apps/defects")
    assert door.send(folder="apps/defects").source.folder == "apps/defects"
    with pytest.raises(NotLinked):
        door.send(folder=".")


def test_a_service_folds_the_case_of_addresses_and_so_does_the_link(door):
    door.app("https://github.com/Example/Defects")
    assert door.send().state == "running"


def test_an_app_nobody_linked_is_answered_like_one_that_does_not_exist(door, world):
    said = []
    for _ in range(2):
        with pytest.raises(NotLinked) as error:
            door.send()
        said.append(error.value.as_dict())
        world.apps.create(DEFECTS, "Broken things", "", "Facilities", ANA) if len(said) == 1 else None
    assert said[0] == said[1]


def test_after_unlinking_nothing_is_taken(door):
    door.app()
    door.links.unlink(DEFECTS, REQUESTER)
    with pytest.raises(NotLinked):
        door.send()


def test_files_that_are_not_an_archive_are_refused_and_leave_no_trace(door, world):
    door.app()
    with pytest.raises(BundleError):
        door.submissions.receive(door.hub.token(), DEFECTS, ".", b"PK\x05\x06 and then nothing")
    assert world.events("submission") == []


def test_no_archive_is_read_for_a_token_that_proves_nothing(door, monkeypatch):
    door.app()
    monkeypatch.setattr(Bundle, "from_zip", lambda _: pytest.fail("it was read"))
    with pytest.raises(CiTokenRefused):
        door.send("not.a.token")
    with pytest.raises(NotLinked):
        door.send(door.hub.token(repository="evil/defects"))


def test_the_manifest_of_another_app_is_refused(door):
    door.app()
    other = {"app.yaml": harmless().files["app.yaml"].replace(b"id: defects", b"id: other-app")}
    with pytest.raises(Forbidden):
        door.send(bundle=Bundle(other))


def test_while_a_version_is_reviewed_the_next_push_waits_and_replaces_nothing(door, world):
    door.app()
    door.send()
    with pytest.raises(AnotherReviewOpen) as error:
        door.send(bundle=harmless("Another name"))
    assert "run this job again" in error.value.advice
    assert world.apps.get(DEFECTS).draft == harmless().digest


def test_an_app_that_was_switched_off_takes_no_new_version(door, world):
    door.app()
    step = StepInput.of(door.send())
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    world.apps.advance(DEFECTS, Trigger.SUSPENDED, REQUESTER)

    with pytest.raises(IllegalTransition):
        door.send(bundle=harmless("Another name"))


def refused(world, review, judgement=None):
    step = StepInput.of(review)
    world.gates_say(step, block())
    return world.steps.refuse(step, judgement or Judgement())


def test_what_the_checks_refused_from_git_may_be_submitted_in_the_portal(door, world):
    door.app()
    review = refused(world, door.send())

    again = world.reviews.submit(DEFECTS, review.bundle_digest, REQUESTER)

    assert (again.state, again.attempt, again.source) == ("running", 2, None)


def test_or_from_a_protected_branch_but_not_from_the_same_place_again(door, world):
    door.app()
    refused(world, door.send(door.hub.token(ref_protected="false")))

    assert door.send(door.hub.token(ref_protected="false", sha="d" * 40)).state == "refused"
    assert door.send().state == "running"


def test_what_a_person_refused_stays_refused_wherever_it_comes_from(door, world):
    door.app()
    review = refused(world, door.send(), Judgement(decided_by=ROB.id, comment="Not needed."))

    assert world.reviews.submit(DEFECTS, review.bundle_digest, REQUESTER).state == "refused"


def test_one_app_is_linked_to_one_place(door):
    door.app()
    door.links.link(DEFECTS, "https://github.com/example/elsewhere", ".", REQUESTER)

    with pytest.raises(NotLinked):
        door.send()
    assert door.links.of(AppId("another-app")) is None
