from datetime import date

from appguard.apps.model import DueKind
from appguard.kernel.event import Actor, AuditEvent, Resource, Result, Role
from appguard.operations.usage import Usage
from tests.support.world import DEFECTS


def access(world, result=Result.SUCCESS, app_id=DEFECTS):
    return AuditEvent.of(
        "data.read",
        Actor(id="mia@example.com", role=Role.EMPLOYEE),
        Resource(type="query", id="office-directory/open_defects"),
        world.clock(),
        result=result,
        app_id=app_id,
    )


def test_use_moves_the_idle_date_once_a_day(world, published):
    usage = Usage(world.apps)
    world.clock.pass_(days=30)

    noticed = [usage.touch(access(world)) for _ in range(5)]

    assert noticed == [True, False, False, False, False]
    assert world.apps.due(DueKind.IDLE, date(2026, 5, 29)) == []
    assert world.apps.due(DueKind.IDLE, date(2026, 5, 30)) == [DEFECTS]


def test_another_process_that_notices_the_same_day_writes_nothing_again(world, published):
    Usage(world.apps).touch(access(world))
    version = world.apps.get(DEFECTS).version

    Usage(world.apps).touch(access(world))

    assert world.apps.get(DEFECTS).version == version


def test_a_refused_access_and_an_event_without_app_are_no_use(world, published):
    usage = Usage(world.apps)

    assert not usage.touch(access(world, result=Result.DENIED))
    assert not usage.touch(access(world, app_id=None))
