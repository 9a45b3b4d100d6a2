from datetime import timedelta

from appguard.approvals.model import Verdict
from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import State
from appguard.kernel.ids import AppId
from appguard.provisioning.errors import LimitsNotInForce
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import ANA, DEFECTS, REQUESTER, ROB, approve_finding, harmless


def publish(world, name: str) -> AppId:
    app_id = AppId(name)
    text = harmless().files["app.yaml"].replace(b"id: defects", b"id: " + name.encode())
    bundle = Bundle({"app.yaml": text})
    world.apps.create(app_id, name, "", "A team", ANA)
    world.apps.save_draft(app_id, bundle, REQUESTER)
    step = StepInput.of(world.reviews.submit(app_id, bundle.digest, REQUESTER))
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    return app_id


def test_before_anything_is_due_nothing_happens(published, sweep):
    swept = sweep.run()

    assert (swept.suspended, swept.retired, swept.left) == ([], [], [])


def test_an_idle_app_is_suspended_once_however_often_it_is_swept(world, published, sweep):
    world.clock.pass_(days=60)

    assert sweep.run().suspended == [DEFECTS]
    assert sweep.run().suspended == []
    assert world.actions("app.suspended") == ["app.suspended"]


def test_a_sweep_does_what_was_due_at_the_time_of_its_schedule(world, published, sweep):
    day = world.clock().date()

    assert sweep.run(day + timedelta(days=59)).suspended == []
    assert sweep.run(day + timedelta(days=60)).suspended == [DEFECTS]


def test_an_app_in_use_is_not_suspended(world, published, sweep):
    world.clock.pass_(days=50)
    world.apps.used(DEFECTS, world.clock().date())
    world.clock.pass_(days=20)

    assert sweep.run().suspended == []


def test_an_app_at_the_end_of_its_time_is_retired_and_not_suspended_on_its_way_out(world, published, sweep):
    world.clock.pass_(days=200)

    swept = sweep.run()

    assert (swept.suspended, swept.retired) == ([], [DEFECTS])
    assert world.apps.get(DEFECTS).state is State.ARCHIVED


def test_a_suspended_app_is_retired_when_its_time_comes(world, published, sweep):
    world.clock.pass_(days=60)
    sweep.run()
    world.clock.pass_(days=140)

    assert sweep.run().retired == [DEFECTS]


def test_a_half_retired_app_is_finished_by_the_next_sweep(world, published, sweep, places):
    world.clock.pass_(days=200)
    places.slow = True
    assert sweep.run().left == [DEFECTS]
    places.slow = False

    assert sweep.run().retired == [DEFECTS]


def test_one_apps_trouble_keeps_no_other_app_from_its_turn(world, sweep, places, monkeypatch):
    first, second = publish(world, "app-one"), publish(world, "app-two")
    world.clock.pass_(days=61)
    pause = places.pause

    def stuck(app_id):
        if app_id == first:
            raise LimitsNotInForce("stuck")
        pause(app_id)

    monkeypatch.setattr(places, "pause", stuck)

    swept = sweep.run()

    assert (swept.suspended, swept.left) == ([second], [first])


def test_a_sweep_reads_what_is_due_and_not_the_catalog(world, sweep, monkeypatch):
    apps = [publish(world, f"app-{n}") for n in range(4)]
    world.clock.pass_(days=59)
    for app_id in apps[1:]:
        world.apps.used(app_id, world.clock().date())
    world.clock.pass_(days=2)
    read, get = [], world.apps.get
    monkeypatch.setattr(world.apps, "get", lambda app_id: read.append(app_id) or get(app_id))

    sweep.run()

    assert set(read) == {apps[0]}


def test_an_exception_expires_on_its_day_and_the_app_runs_on(world, sweep):
    app_id = publish(world, "app-one")
    accepted(world, app_id)
    world.clock.pass_(days=179)
    world.apps.used(app_id, world.clock().date())
    world.clock.pass_(days=1)

    [exception] = world.exceptions.of_app(app_id)
    assert sweep.run().expired == [exception.exception_id]
    assert sweep.run().expired == []
    assert world.exceptions.get(exception.exception_id).state == "expired"
    assert world.apps.get(app_id).state is State.ACTIVE


def accepted(world, app_id) -> None:
    """A next version, published with a finding that a reviewer accepted."""
    text = harmless("Next").files["app.yaml"].replace(b"id: defects", b"id: " + app_id.encode())
    bundle = Bundle({"app.yaml": text})
    world.apps.save_draft(app_id, bundle, REQUESTER)
    step = StepInput.of(world.reviews.submit(app_id, bundle.digest, REQUESTER))
    world.gates_say(step, approve_finding())
    locator = world.approvals.ask(step, "token")
    world.approvals.decide(locator, ROB, Verdict.APPROVE, "The purpose covers it.")
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    world.steps.publish(step)
