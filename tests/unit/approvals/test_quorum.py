"""Several people approve one version: each is heard once, the last seat decides, a refusal ends it."""

import pytest

from appguard.approvals.errors import (
    AlreadyDecided,
    AlreadySpoken,
    CommentRequired,
    Left,
    NotAReviewer,
    SeatsTaken,
    SeparationOfDuties,
    UnknownPusher,
)
from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from appguard.kernel.event import Role
from appguard.kernel.levels import RiskTier
from appguard.provenance.sources import Forge, Sources
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Failure
from tests.support.git_source import git
from tests.support.world import (
    DORA,
    LEAVE,
    MIA,
    NOW,
    REQUESTER,
    RISKY,
    ROB,
    SAM,
    approve_finding,
)

TOKEN = "the-task-token-of-the-run"
APPROVE, REFUSE = Verdict.APPROVE, Verdict.REFUSE
RIA = ROB.model_copy(update={"id": "ria@example.com", "email": "ria@example.com"})
SUE = SAM.model_copy(update={"id": "sue@example.com", "email": "sue@example.com"})


@pytest.fixture
def world(world):
    """As it is shipped: personal data needs a data owner beside the reviewer."""
    world.policy = approval_policy()
    return world


@pytest.fixture
def link(world, step):
    return world.approvals.ask(step, TOKEN)


def both_at_once(world, monkeypatch, method, second):
    """`second` is done after the first has read and before it writes."""
    write = getattr(world.approvals.store, method)

    def other_first(*writing):
        monkeypatch.setattr(world.approvals.store, method, write)
        second()
        return write(*writing)

    monkeypatch.setattr(world.approvals.store, method, other_first)


def test_the_approval_waits_until_every_seat_is_taken(world, step, link):
    waiting = world.approvals.decide(link, ROB, APPROVE)

    assert (waiting.state, [voice.by for voice in waiting.voices]) == ("waiting", [ROB.id])
    assert world.answers.given == []
    assert world.reviews.get(step.review_id).state == "waiting"
    [said] = world.events("approval.endorsed")
    assert (said.actor.id, said.actor.role) == (ROB.id, Role.REVIEWER)
    assert said.metadata["waits_for"] == ["data_owner"]

    decided = world.approvals.decide(link, DORA, APPROVE)

    assert (decided.state, decided.decided_by) == ("approved", DORA.id)
    assert [answer["verdict"] for _, answer in world.answers.given] == ["approved"]
    [event] = world.events("approval.decided")
    assert event.actor.role is Role.DATA_OWNER
    assert event.metadata["policy"] == world.policy.digest
    assert event.metadata["seats"] == [
        {"seat": "data_owner", "by": DORA.id},
        {"seat": "reviewer", "by": ROB.id},
    ]


@pytest.mark.parametrize(("first", "last"), [(ROB, DORA), (DORA, ROB)], ids=["reviewer first", "owner first"])
def test_any_refusal_ends_it(world, link, first, last):
    world.approvals.decide(link, first, APPROVE)
    world.approvals.decide(link, last, REFUSE, "Not this.")

    assert [answer["verdict"] for _, answer in world.answers.given] == ["refused"]
    with pytest.raises(AlreadyDecided, match=f"{last.id} refused"):
        world.approvals.decide(link, SAM, APPROVE)


def test_every_voice_is_remembered_not_only_the_last(world, step, link):
    assert world.approvals.heard(step.review_id) == frozenset()
    world.approvals.decide(link, ROB, APPROVE, "Fits.")
    world.approvals.decide(link, DORA, APPROVE, "Fits.")
    assert world.approvals.heard(step.review_id) == {ROB.id, DORA.id}


def test_one_person_takes_one_seat_whatever_their_roles(world, link):
    all_roles = ROB.model_copy(update={"groups": frozenset({"reviewers", "data-owners", "security"})})
    world.approvals.decide(link, all_roles, APPROVE)

    with pytest.raises(AlreadySpoken, match="it waits for a reviewer"):
        world.approvals.decide(link, all_roles, APPROVE)
    assert world.approvals.open(link).approval.state == "waiting"
    assert len(world.events("approval.endorsed")) == 1


def test_a_second_reviewer_does_not_stand_for_the_data_owner(world, link):
    world.approvals.decide(link, ROB, APPROVE)

    for person in (RIA, SAM):
        with pytest.raises(SeatsTaken, match="it waits for a data owner"):
            world.approvals.decide(link, person, APPROVE)


def test_who_said_yes_or_finds_the_seat_taken_may_still_refuse(world, link):
    world.approvals.decide(link, ROB, APPROVE)

    assert world.approvals.decide(link, ROB, REFUSE, "I looked again.").state == "refused"


def test_a_leaver_decides_nothing_whatever_they_still_hold(world, link):
    world.known_as(ROB, active=False)

    for verdict in Verdict:
        with pytest.raises(Left):
            world.approvals.decide(link, ROB, verdict, "My last day.")
    assert [event.metadata["code"] for event in world.events("approval.denied")] == ["person_left"] * 2
    assert world.approvals.decide(link, RIA, APPROVE).state == "waiting"


def test_only_roles_with_a_seat_are_heard(world, step):
    world.policy = world.policy.model_copy(update={"by_data_class": {}})
    link = world.approvals.ask(step, TOKEN)

    for person in (DORA, MIA):
        with pytest.raises(NotAReviewer):
            world.approvals.decide(link, person, REFUSE, "No.")


def test_two_who_take_the_last_two_seats_at_once_are_both_heard(world, link, monkeypatch):
    both_at_once(world, monkeypatch, "keep", lambda: world.approvals.decide(link, DORA, APPROVE))

    decided = world.approvals.decide(link, ROB, APPROVE)

    assert decided.state == "approved"
    assert [voice.by for voice in decided.voices] == [DORA.id, ROB.id]
    assert world.actions("approval.") == ["approval.asked", "approval.decided", "approval.endorsed"]
    assert len(world.answers.given) == 1


def test_a_yes_and_a_no_at_once_end_in_a_no(world, link, monkeypatch):
    both_at_once(world, monkeypatch, "keep", lambda: world.approvals.decide(link, DORA, REFUSE, "No."))

    with pytest.raises(AlreadyDecided):
        world.approvals.decide(link, ROB, APPROVE)
    assert [answer["verdict"] for _, answer in world.answers.given] == ["refused"]


def test_a_no_is_not_lost_to_a_yes_at_the_same_moment(world, link, monkeypatch):
    both_at_once(world, monkeypatch, "decide", lambda: world.approvals.decide(link, DORA, APPROVE))

    assert world.approvals.decide(link, ROB, REFUSE, "No.").state == "refused"
    assert [voice.verdict for voice in world.approvals.open(link).approval.voices] == [APPROVE, REFUSE]


def test_the_same_click_twice_at_once_is_one_voice(world, link, monkeypatch):
    both_at_once(world, monkeypatch, "keep", lambda: world.approvals.decide(link, ROB, APPROVE))

    with pytest.raises(AlreadySpoken):
        world.approvals.decide(link, ROB, APPROVE)
    assert len(world.events("approval.endorsed")) == 1


def test_everybody_who_accepts_a_finding_says_why(world, step):
    world.gates_say(step, approve_finding())
    link = world.approvals.ask(step, TOKEN)
    world.approvals.decide(link, ROB, APPROVE, "The purpose covers it.")

    with pytest.raises(CommentRequired):
        world.approvals.decide(link, DORA, APPROVE)
    assert world.exceptions.of_app(LEAVE) == []
    world.approvals.decide(link, DORA, APPROVE, "These columns only.")
    assert [each.reason for each in world.exceptions.of_app(LEAVE)] == ["These columns only."]


def test_who_saved_a_version_decides_on_none(world, step):
    world.steps.fail(step, Failure(step="Run", error="Boom"))
    later = type(RISKY)({"app.yaml": RISKY.files["app.yaml"] + b"# by Rob\n"})
    world.apps.save_draft(LEAVE, later, ROB.acting_as(Role.REQUESTER))
    world.apps.save_draft(LEAVE, RISKY, REQUESTER)
    link = world.approvals.ask(again(world, RISKY), TOKEN)

    with pytest.raises(SeparationOfDuties, match="made a version"):
        world.approvals.decide(link, ROB, APPROVE)
    assert world.approvals.decide(link, RIA, APPROVE).state == "waiting"


def again(world, bundle, by=REQUESTER, source=None):
    step = StepInput.of(world.reviews.submit(LEAVE, bundle.digest, by, source))
    world.gates_say(step)
    return step


def pushed(world, login="octocat"):
    digest = world.draft(LEAVE, RISKY)
    source = git().model_copy(update={"actor": login})
    step = StepInput.of(world.reviews.submit(LEAVE, digest, REQUESTER, source))
    world.gates_say(step)
    return world.approvals.ask(step, TOKEN)


def github(**people: str) -> Sources:
    forge = Forge(
        kind="github", issuer="https://token.example.com", address="https://github.com", people=people
    )
    return Sources(forges=(forge,))


def test_nobody_decides_on_a_push_that_might_be_their_own(world):
    world.known = github()
    link = pushed(world)

    with pytest.raises(UnknownPusher, match=r"github\.com/octocat"):
        world.approvals.decide(link, ROB, APPROVE)
    assert [event.metadata["code"] for event in world.events("approval.denied")] == ["unknown_pusher"]


def test_whose_own_login_is_listed_decides_on_a_push_of_another_login(world):
    world.known = github(robr=ROB.id)

    assert world.approvals.decide(pushed(world), ROB, APPROVE).state == "waiting"


@pytest.mark.parametrize("login", ["octocat", "OctoCat"])
def test_whose_login_it_was_does_not_decide_even_if_that_was_listed_later(world, login):
    world.known = github()
    link = pushed(world, login)
    world.known = github(octocat=ROB.id, riar=RIA.id)

    with pytest.raises(SeparationOfDuties):
        world.approvals.decide(link, ROB, APPROVE)
    assert world.approvals.decide(link, RIA, APPROVE).state == "waiting"


def test_a_decision_under_fewer_seats_answers_no_new_run(world, step):
    world.policy = world.policy.model_copy(update={"by_data_class": {}})
    world.approvals.decide(world.approvals.ask(step, TOKEN), ROB, APPROVE)
    world.steps.fail(step, Failure(step="Provision", error="Boom"))
    del world.__dict__["approvals"]
    world.policy = approval_policy()

    link = world.approvals.ask(again(world, RISKY), "token-of-run-2")

    assert link is not None
    assert world.approvals.open(link).approval.voices == ()
    assert world.clock() == NOW


def test_what_was_asked_of_the_high_tier_is_security_and_a_reviewer_beside_the_owner(world, step):
    review = world.reviews.get(step.review_id)
    evidence = world.evidence(review)

    def high(_review):
        return evidence.model_copy(update={"tier": RiskTier.HIGH})

    object.__setattr__(world.approvals, "evidence", high)
    link = world.approvals.ask(step, TOKEN)
    for person in (SAM, DORA):
        assert world.approvals.decide(link, person, APPROVE).state == "waiting"
    assert world.approvals.decide(link, SUE, APPROVE).state == "approved"
