"""A grant that is withdrawn ends within five seconds, in every process of the broker."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from appguard.apps.lifecycle import Trigger
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from infra.local.story.cast import ANA, MIA
from tests.e2e.micro_apps import catalog

pytestmark = pytest.mark.e2e

HOLIDAYS = "office-directory/queries/company_holidays"
OPERATOR = Actor.system("test")
LIMIT, WATCHED, AT_ONCE = 5.0, 5.5, 2


def asked_for_a_while(caller, since):
    """When each question was asked, and what came of it."""
    seen = []
    while (asked := time.monotonic() - since) < WATCHED:
        seen.append((asked, caller.ask(MIA, HOLIDAYS, year=2026)))
    return seen


def test_a_suspended_and_a_quarantined_app_get_nothing_after_five_seconds(leave, lunch, ground, witness):
    apps = catalog(ground)
    for caller in (leave, lunch):
        assert caller.ask(ANA, HOLIDAYS, year=2026).status_code == 200

    apps.advance(AppId("attacked-lunch"), Trigger.SUSPENDED, OPERATOR)
    apps.advance(AppId("attacked-leave"), Trigger.QUARANTINED, OPERATOR)
    since = time.monotonic()
    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(asked_for_a_while, caller, since) for caller in (leave, lunch) * AT_ONCE]
        seen = [answer for each in asking for answer in each.result()]
    apps.advance(AppId("attacked-lunch"), Trigger.RECERTIFIED, OPERATOR)
    apps.advance(AppId("attacked-leave"), Trigger.RELEASED, OPERATOR)

    last_success = max((asked for asked, reply in seen if reply.status_code == 200), default=0.0)
    assert last_success <= LIMIT
    refusals = [reply for asked, reply in seen if asked > LIMIT]
    assert {(reply.status_code, reply.json()["error"]["code"]) for reply in refusals} == {
        (403, "not_granted")
    }
    recorded = [entry for entry in witness.accesses() if entry["metadata"].get("code") == "not_granted"]
    assert len(recorded) == len([reply for _, reply in seen if reply.status_code == 403])
    assert all(caller.ask(ANA, HOLIDAYS, year=2026).status_code == 200 for caller in (leave, lunch))
