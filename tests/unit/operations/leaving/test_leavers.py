import pytest

from appguard.directory.events import deactivated, reactivated
from appguard.directory.model import Colleague, ColleagueId
from appguard.kernel.event import Actor
from appguard.operations.leaving.leavers import Leavers
from tests.support.world import ANA, DEFECTS, LEAVE, MIA, NOW, REQUESTER

SCIM = Actor.system("scim")


def colleague(person):
    return Colleague(
        colleague_id=ColleagueId.new(),
        person_id=person.id,
        email=person.email,
        name=person.name,
        created_at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def leave(world):
    return world.apps.create(LEAVE, "Leave", "", "HR", ANA)


def test_apps_of_a_leaver_are_orphaned_once_and_nobody_elses(world, leave):
    other = world.apps.create("mias-app", "Mia's", "", "HR", MIA)
    event = deactivated(colleague(ANA), SCIM, NOW)
    for _ in range(2):
        assert Leavers(world.apps).follow(event) == [LEAVE]
    assert world.apps.get(LEAVE).orphaned_at == NOW
    assert world.apps.get(LEAVE).state is leave.state
    assert world.apps.get(other.app_id).orphaned_at is None
    assert [event.app_id for event in world.events("app.orphaned")] == [LEAVE]


def test_an_owner_who_is_back_answers_for_their_apps_again(world, leave):
    Leavers(world.apps).follow(deactivated(colleague(ANA), SCIM, NOW))
    Leavers(world.apps).follow(reactivated(colleague(ANA), SCIM, NOW))
    assert world.apps.get(LEAVE).orphaned_at is None
    assert world.actions("app.reclaimed") == ["app.reclaimed"]


def test_an_app_whose_owner_never_left_is_not_reclaimed(world, leave):
    Leavers(world.apps).follow(reactivated(colleague(ANA), SCIM, NOW))
    assert world.actions("app.reclaimed") == []


def test_an_app_that_is_over_needs_nobody(world, published, retirement):
    retirement.retire(DEFECTS, REQUESTER)
    assert Leavers(world.apps).follow(deactivated(colleague(ANA), SCIM, NOW)) == []
