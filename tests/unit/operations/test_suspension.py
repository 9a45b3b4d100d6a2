from dataclasses import replace

import pytest

from appguard.apps.lifecycle import IllegalTransition, State, Trigger
from appguard.apps.model import DueKind
from appguard.kernel.event import Actor, Role
from appguard.operations.errors import ExceptionLapsed, NotTheOwner
from tests.support.world import DEFECTS, MIA, REQUESTER


def test_a_suspended_app_runs_no_more_and_may_touch_nothing(world, published, suspension, places):
    suspension.suspend(DEFECTS)

    assert places.concurrency[DEFECTS] == 0
    assert world.apps.get(DEFECTS).state is State.SUSPENDED
    assert world.apps.permit(DEFECTS) is None
    [event] = world.events("app.suspended")
    assert event.metadata["reason"] == "idle"


def test_a_suspension_that_died_half_way_is_completed_and_recorded_once(
    world, published, suspension, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr(world.apps, "advance", dies)
        with pytest.raises(ConnectionError):
            suspension.suspend(DEFECTS)
    assert world.apps.get(DEFECTS).state is State.ACTIVE

    suspension.suspend(DEFECTS)
    assert suspension.suspend(DEFECTS) is None

    assert world.actions("app.suspended") == ["app.suspended"]


def dies(*_args, **_named):
    raise ConnectionError("the process died here")


def test_recertifying_brings_the_app_back_with_new_dates(world, published, suspension, places):
    suspension.suspend(DEFECTS)
    before = world.apps.get(DEFECTS).publication.retire_on
    world.clock.pass_(days=90)

    app = suspension.recertify(DEFECTS, REQUESTER)

    assert app.state is State.ACTIVE
    assert app.publication.retire_on > before
    assert places.concurrency[DEFECTS] == 5
    assert world.apps.due(DueKind.IDLE, world.clock().date()) == []


def test_a_recertification_that_died_half_way_opens_no_data_and_is_completed(
    world, published, suspension, monkeypatch
):
    suspension.suspend(DEFECTS)
    with monkeypatch.context() as broken:
        broken.setattr(world.apps, "recertify", dies)
        with pytest.raises(ConnectionError):
            suspension.recertify(DEFECTS, REQUESTER)
    assert world.apps.permit(DEFECTS) is None

    assert suspension.recertify(DEFECTS, REQUESTER).state is State.ACTIVE


def test_only_the_owner_or_the_platform_team_recertifies(world, published, suspension):
    with pytest.raises(NotTheOwner):
        suspension.recertify(DEFECTS, MIA.acting_as(Role.EMPLOYEE))

    suspension.recertify(DEFECTS, Actor(id="pat@example.com", role=Role.PLATFORM))


def test_a_quarantined_app_is_not_brought_back_by_its_owner(world, published, suspension, places):
    world.apps.advance(DEFECTS, Trigger.QUARANTINED, Actor.system("security"))
    places.pause(DEFECTS)

    with pytest.raises(IllegalTransition):
        suspension.recertify(DEFECTS, REQUESTER)
    assert places.concurrency[DEFECTS] == 0


def test_owner_and_security_may_stop_an_app_and_the_event_names_them(world, published, suspension):
    with pytest.raises(NotTheOwner):
        suspension.suspend(DEFECTS, "asked", MIA.acting_as(Role.EMPLOYEE))

    suspension.suspend(DEFECTS, "asked", Actor(id="sam@example.com", role=Role.SECURITY))

    [event] = world.events("app.suspended")
    assert (event.actor.id, event.metadata["reason"]) == ("sam@example.com", "asked")


def test_an_owners_word_does_not_renew_an_app_whose_exception_has_lapsed(world, published, suspension):
    lapsed = []
    held = replace(suspension, lapsed=lambda app_id: lapsed)
    lapsed.append("exc-1")

    with pytest.raises(ExceptionLapsed, match="accepted"):
        held.recertify(DEFECTS, REQUESTER)

    lapsed.clear()
    assert held.recertify(DEFECTS, REQUESTER).state is State.ACTIVE
