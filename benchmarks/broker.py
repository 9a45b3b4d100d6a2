"""What the broker adds to a query: over the same query through bare psycopg, in the same process.

Each caller asks bare and through the broker in turn, so that whatever else the machine does slows both;
of three rounds the best counts, as others' work only ever adds. Callers pause like people do: many at
once are many threads and connections, not a saturated processor. The events go to an outbox in memory,
as the limit is about the broker's own work.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any

import psycopg

from appguard.apps.model import ConnectorGrant, Grants, Permit
from appguard.audit.outbox import Outbox
from appguard.connectors.admission import Admission, Call
from appguard.connectors.broker import Broker, Recorder
from appguard.connectors.connecting import connect
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.registry import registry
from appguard.connectors.sources.pool import MOST
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import BundleDigest, ConnectorName
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from appguard.privacy.keys import SubjectKeys
from benchmarks.measure import Measurement, seconds
from infra.local.platform import up
from infra.local.story.ground import Ground
from tests.support.hr_database import Database, hr_database
from tests.support.subjects import KeysInMemory
from tests.unit.connectors.provider import ACCOUNT, AUDIENCE, ISSUER, Provider, role_of

HR = ConnectorName("hr-db")
QUERY, YEAR, WHO = "my_leave_balance", 2026, "ana@example.com"
CALLERS, ROUNDS, CALLS = (1, 10, 50), 3, 500
A_SECOND = 200  # of all callers together
PROVIDER = Provider()


@dataclass
class InMemory:
    """An outbox that only remembers."""

    events: list[AuditEvent] = field(default_factory=list)

    def record(self, *events: AuditEvent) -> None:
        """Remember."""
        self.events.extend(events)


def measure() -> Iterator[Measurement]:
    """What the broker adds to bare psycopg, by how many call at once."""
    with hr_database() as database:
        source = source_of(database)
        ask = asking(broker(source, InMemory()))
        for callers in CALLERS:
            rounds = [overhead(callers, database, ask) for _ in range(ROUNDS)]
            middle, slow = (min(figures) for figures in zip(*rounds, strict=True))
            yield Measurement(f"broker: added, {callers} at once, median", _ms(middle), "ms", 1.5)
            yield Measurement(f"broker: added, {callers} at once, 99th percentile", _ms(slow), "ms", 5)
        yield with_a_real_outbox(source)
        source.close()


def overhead(callers: int, database: Database, ask: Callable[[], object]) -> tuple[float, float]:
    """Median and 99th percentile of what the broker adds, in seconds."""
    with ThreadPoolExecutor(callers) as pool:
        runs = [pool.submit(in_turn, database, ask, callers) for _ in range(callers)]
        pairs = [pair for run in runs for pair in run.result()]
    bare, brokered = zip(*pairs, strict=True)
    return median(brokered) - median(bare), _slowest(brokered) - _slowest(bare)


def in_turn(database: Database, ask: Callable[[], object], callers: int) -> list[tuple[float, float]]:
    """One caller's times: bare, and through the broker."""
    times = []
    with connect(database.login("hr_broker")) as connection:
        connection.autocommit = True
        connection.execute("SELECT set_config('appguard.user_email', %s, false)", [WHO])
        bare(connection)
        ask()
        for _ in range(CALLS // callers):
            times.append((timed(lambda: bare(connection)), timed(ask)))
            time.sleep(callers / A_SECOND)
    return times


def bare(connection: psycopg.Connection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The query alone."""
    query = registry()[HR].queries[QUERY]
    return connection.execute(query.sql, {"year": YEAR}, prepare=True).fetchall()  # type: ignore[attr-defined]


def with_a_real_outbox(source: PostgresSource) -> Measurement:
    """A whole access with its event in the emulator's DynamoDB: to know, not to hold to a limit."""
    ground = Ground(up())
    ask = asking(broker(source, Outbox(ground.client("dynamodb"), ground.outputs["OutboxTable"])))
    return Measurement("broker: access with the emulator's outbox", _ms(seconds(ask, 50)), "ms")


def broker(source: PostgresSource, recorder: Recorder) -> Broker:
    """The broker over one source, every grant given."""
    grants = Grants(connectors={HR: ConnectorGrant(queries=frozenset(registry()[HR].queries))})
    users = TokenVerifier(IdTokens(Issuer(ISSUER, PROVIDER.fetch), AUDIENCE))
    permit = Permit(bundle_digest=BundleDigest("sha256:" + "1" * 64), grants=grants)
    admission = Admission(registry(), GrantCache(lambda _: permit), users, "appguard-app-")
    keys = SubjectKeys(KeysInMemory())
    return Broker(admission, lambda _: source, recorder, lambda: datetime.now(UTC), keys.of)


def source_of(database: Database, most: int = MOST) -> PostgresSource:
    """The HR database with a pool of this size."""
    return PostgresSource(lambda _app, _fresh: database.login("hr_broker"), lambda: b"key", most)


def asking(answers: Broker) -> Callable[[], object]:
    """One call as the handler makes it, and the answer's text."""
    body = json.dumps({"parameters": {"year": YEAR}}).encode()
    call = Call(role_of("leave"), ACCOUNT, PROVIDER.token(WHO), HR, QUERY, body)
    return lambda: answers.query(call).json


def timed(work: Callable[[], object]) -> float:
    """Seconds it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _slowest(times: Sequence[float]) -> float:
    """The 99th percentile."""
    return quantiles(times, n=100)[98]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
