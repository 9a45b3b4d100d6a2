import time
from threading import Thread

import pytest

from appguard.connectors.sources.pool import KEEP_SECONDS, LIVE_SECONDS, Pool
from appguard.kernel.errors import Unavailable


class Kept:
    """Stands where a connection stands."""

    closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def pool(clock) -> Pool:
    return Pool(most=3, now=lambda: clock[0])


def put(pool, app) -> Kept:
    connection = Kept()
    pool.put(app, connection)
    return connection


def test_an_app_gets_back_what_it_used_last_and_never_anothers(pool):
    put(pool, "leave")
    latest = put(pool, "leave")
    put(pool, "lunch")

    assert pool.take("leave") is latest
    assert pool.take("desks") is None


def test_there_are_never_more_connections_than_allowed_however_many_apps(pool):
    first, *rest = [put(pool, f"app-{number}") for number in range(3)]
    with pool.place(0):
        assert pool.take("another") is None

    assert first.closed
    assert [connection.closed for connection in rest] == [False] * 2


def test_whoever_finds_no_place_in_time_is_told_so_and_takes_none(pool):
    with pool.place(0), pool.place(0), pool.place(0), pytest.raises(Unavailable), pool.place(0.01):
        pass
    with pool.place(0), pool.place(0), pool.place(0):
        pass


def test_places_are_given_in_the_order_they_were_asked_for(pool):
    served, threads = [], []

    def ask(number):
        with pool.place(10):
            served.append(number)

    with pool.place(0), pool.place(0):
        with pool.place(0):
            for number in range(20):
                threads.append(Thread(target=ask, args=(number,)))
                threads[-1].start()
                while len(pool._waiting) <= number:
                    time.sleep(0.001)
        for thread in threads:
            thread.join()

    assert served == list(range(20))


def test_what_idles_too_long_is_closed_and_not_handed_out(pool, clock):
    old = put(pool, "leave")
    clock[0] = KEEP_SECONDS + 1

    assert pool.take("leave") is None
    assert old.closed


def test_a_busy_connection_is_closed_between_two_accesses_before_its_login_may_be_gone(pool, clock):
    busy = put(pool, "leave")
    while pool.take("leave"):
        clock[0] += 30
        assert not busy.closed
        pool.put("leave", busy)

    assert busy.closed
    assert LIVE_SECONDS < clock[0] <= LIVE_SECONDS + 30


def test_closing_closes_everything(pool):
    kept = [put(pool, "leave"), put(pool, "lunch")]
    pool.close()

    assert all(connection.closed for connection in kept)
    assert len(pool) == 0
