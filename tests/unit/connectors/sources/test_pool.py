import pytest

from appguard.connectors.sources.pool import KEEP_SECONDS, Pool


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


def test_of_many_apps_the_last_few_keep_a_connection(pool):
    first, *rest = [put(pool, f"app-{number}") for number in range(4)]

    assert first.closed
    assert [connection.closed for connection in rest] == [False] * 3
    assert pool.take("app-0") is None


def test_what_idles_too_long_is_closed_and_not_handed_out(pool, clock):
    old = put(pool, "leave")
    clock[0] = KEEP_SECONDS + 1

    assert pool.take("leave") is None
    assert old.closed


def test_closing_closes_everything(pool):
    kept = [put(pool, "leave"), put(pool, "lunch")]
    pool.close()

    assert all(connection.closed for connection in kept)
    assert len(pool) == 0
