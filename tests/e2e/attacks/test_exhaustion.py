"""One app that makes the database slow, or takes all it can get, is its own trouble and nobody else's."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.names import roles
from infra.local import postgres
from infra.local.seeds import DATABASE
from infra.local.story.cast import ANA, MIA
from infra.local.story.ground import until

pytestmark = pytest.mark.e2e

ROOMS, HOLIDAYS = "office-directory/queries/meeting_rooms", "office-directory/queries/company_holidays"
MANY = 4  # of the ten calls at once that the emulator works on


@pytest.fixture
def rooms_are_stuck(ground):
    """Whoever reads the rooms waits: somebody holds the table."""

    @contextmanager
    def hold():
        with postgres.connect(ground.postgres_port, DATABASE) as connection:
            connection.execute("LOCK TABLE office.room IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    return hold


def test_a_query_that_takes_too_long_is_ended_and_on_record(leave, witness, rooms_are_stuck):
    leave.ask(ANA, HOLIDAYS, year=2026)  # cold starts are the emulator's matter
    witness.begins()
    with rooms_are_stuck():
        started = time.monotonic()
        reply = leave.ask(ANA, ROOMS, seats=1)
        took = time.monotonic() - started

    witness.refusal(reply, 504, "source_timeout")
    assert took < 5, "the connector allows one second, and the machine may be busy"
    assert leave.ask(ANA, ROOMS, seats=1).status_code == 200


def test_many_slow_queries_of_one_app_leave_the_others_alone(leave, lunch, ground, rooms_are_stuck):
    with ThreadPoolExecutor(MANY + 2) as pool:
        warm = [pool.submit(lunch.ask, MIA, HOLIDAYS, year=2026) for _ in range(MANY + 2)]
        assert all(reply.result().status_code == 200 for reply in warm)
    with ThreadPoolExecutor(MANY) as pool, rooms_are_stuck():
        stuck = [pool.submit(leave.ask, ANA, ROOMS, seats=1) for _ in range(MANY)]
        others = [lunch.ask(MIA, HOLIDAYS, year=2026).status_code for _ in range(3)]
        ends = {reply.result().status_code for reply in stuck}

    assert others == [200] * 3, "answered while the others were stuck"
    assert ends <= {504, 503}
    assert leave.ask(ANA, ROOMS, seats=1).status_code == 200
    assert until(lambda: _left_open(ground) == [(0,)], "the broker's transactions to end", 10)


def test_an_app_that_gets_no_connection_is_refused_and_recovers_while_others_work(
    leave, lunch, ground, witness
):
    user = roles(ConnectorName("office-directory"), AppId("attacked-lunch"))[0]
    _limit(ground, user, 0)
    refused = lunch.ask(MIA, HOLIDAYS, year=2026)
    assert leave.ask(ANA, HOLIDAYS, year=2026).status_code == 200
    _limit(ground, user, -1)

    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert [entry["result"] for entry in witness.accesses()][:1] == ["failure"]
    assert lunch.ask(MIA, HOLIDAYS, year=2026).status_code == 200
    witness.nothing_leaked(refused, user)


def test_connections_the_server_closed_are_replaced_unnoticed(leave, ground):
    assert leave.ask(ANA, HOLIDAYS, year=2026).status_code == 200
    ground.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'appguard-broker'"
    )
    assert leave.ask(ANA, HOLIDAYS, year=2026).status_code == 200


def _limit(ground, user, connections):
    ground.run(f'ALTER ROLE "{user}" CONNECTION LIMIT {connections}')
    ground.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{user}'")


def _left_open(ground):
    return ground.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'appguard-broker' AND state <> 'idle'"
    )
