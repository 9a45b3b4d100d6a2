"""Many callers: a pool is worth its size, a crowd waits its turn, and a withdrawn grant ends in time."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from appguard.apps.model import Grants, Permit
from appguard.connectors.granted import GrantCache
from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.pool import MOST
from appguard.kernel.errors import AppGuardError
from appguard.kernel.ids import AppId, BundleDigest
from benchmarks.asking import WHO, InMemory, asking, broker, source_of
from benchmarks.measure import Measurement
from tests.support.hr_database import Database, hr_database

SLOW = PostgresQuery.model_construct(title="", columns=(), sql="SELECT pg_sleep(0.02)::text AS nothing")
SMALL, CALLS = 4, 200


def measure() -> Iterator[Measurement]:
    """Throughput by size of the pool, errors in a crowd, seconds until a withdrawn grant is refused."""
    with hr_database() as database:
        small, large = calls_on(database, SMALL), calls_on(database, MOST)
        gain = round(large / small * MOST / SMALL, 2)
        yield Measurement(f"pool: a call's share of {MOST} connections over {SMALL}", gain, "x", 1.5)
        refused = refused_in_a_crowd(database)
        yield Measurement(f"pool: refused of {10 * MOST} callers at once", refused, "calls", 0)
    yield Measurement("grant withdrawn: seconds until refused", round(until_refused(), 1), "s", 5)


def calls_on(database: Database, size: int) -> float:
    """Seconds for calls that the database takes 20 ms for, ten callers for each connection."""
    source = source_of(database, size)

    def call(_: int) -> None:
        source.read(SLOW, {}, Identity(WHO, "leave"), Limits(timeout_ms=20_000))

    with ThreadPoolExecutor(10 * size) as callers:
        list(callers.map(call, range(size)))  # connections are opened
        started = time.perf_counter()
        list(callers.map(call, range(CALLS)))
        took = time.perf_counter() - started
    source.close()
    return took


def refused_in_a_crowd(database: Database) -> int:
    """How many of ten times as many callers as connections get no answer."""
    source = source_of(database)
    ask = asking(broker(source, InMemory()))
    with ThreadPoolExecutor(10 * MOST) as callers:
        refused = sum(callers.map(lambda _: _is_refused(ask), range(10 * MOST)))
    source.close()
    return refused


def until_refused() -> float:
    """Seconds for which a grant that is gone is still remembered."""
    version = BundleDigest("sha256:" + "1" * 64)
    granted = {AppId("leave"): Permit(bundle_digest=version, grants=Grants(connectors={}))}
    cache = GrantCache(granted.get)
    cache.of(AppId("leave"))
    granted.clear()
    started = time.perf_counter()
    while cache.of(AppId("leave")):
        time.sleep(0.02)
    return time.perf_counter() - started


def _is_refused(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except AppGuardError:
        return True
    return False
