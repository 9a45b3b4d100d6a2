import pytest

from appguard.apps.lifecycle import IllegalTransition, State
from appguard.apps.model import DueKind
from appguard.kernel.event import Actor, Role
from appguard.operations.errors import ExceptionLapsed, NotSecurity
from appguard.operations.quarantine import Quarantine
from tests.support.world import DEFECTS

SAM = Actor(id="sam@example.com", role=Role.SECURITY)
PAT = Actor(id="pat@example.com", role=Role.PLATFORM)


@pytest.fixture
def quarantine(world, published, suspension):
    return Quarantine(world.apps, suspension.provisioner, lambda _: [])


def test_a_locked_app_gets_no_data_and_stops_and_the_reason_is_kept(world, quarantine, places):
    quarantine.lock(DEFECTS, SAM, "It reads at night.")

    assert world.apps.permit(DEFECTS) is None
    assert places.concurrency[DEFECTS] == 0
    assert world.apps.get(DEFECTS).state is State.QUARANTINED
    assert [note.words for note in world.apps.notes(DEFECTS)] == ["It reads at night."]
    assert "night" not in world.events("app.quarantined")[0].model_dump_json()


def test_locking_again_finishes_what_died_half_way_and_is_recorded_once(world, quarantine, places):
    quarantine.lock(DEFECTS, SAM, "It reads at night.")
    places.concurrency[DEFECTS] = 5
    quarantine.lock(DEFECTS, SAM, "Again.")
    assert places.concurrency[DEFECTS] == 0
    assert world.actions("app.quarantined") == ["app.quarantined"]


def test_a_released_app_runs_and_is_idle_later(world, quarantine, places):
    quarantine.lock(DEFECTS, SAM, "It reads at night.")
    world.clock.pass_(days=90)

    released = quarantine.release(DEFECTS, SAM, "A report ran late.")

    assert released.state is State.ACTIVE
    assert places.concurrency[DEFECTS] == 5
    assert world.apps.due(DueKind.IDLE, world.clock().date()) == []
    assert len(world.apps.notes(DEFECTS)) == 2


def test_security_alone_locks_and_releases(world, quarantine):
    with pytest.raises(NotSecurity):
        quarantine.lock(DEFECTS, PAT, "No.")
    quarantine.lock(DEFECTS, SAM, "Yes.")
    with pytest.raises(NotSecurity):
        quarantine.release(DEFECTS, PAT, "No.")


def test_only_a_locked_app_is_released(quarantine):
    with pytest.raises(IllegalTransition):
        quarantine.release(DEFECTS, SAM, "Why not.")


def test_an_app_whose_risk_nobody_accepts_any_more_is_not_released(world, suspension, quarantine):
    quarantine.lock(DEFECTS, SAM, "Odd.")
    lapsed = Quarantine(world.apps, suspension.provisioner, lambda _: [object()])
    with pytest.raises(ExceptionLapsed):
        lapsed.release(DEFECTS, SAM, "Fine.")
