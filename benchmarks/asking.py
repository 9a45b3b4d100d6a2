"""One query asked both ways: through the whole broker, and through bare psycopg."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import LifoQueue
from typing import Any

import psycopg

from appguard.apps.model import ConnectorGrant, Grants, Permit
from appguard.connectors.admission import Admission, Call
from appguard.connectors.broker import Broker, Recorder
from appguard.connectors.budgets.budget import Budget
from appguard.connectors.connecting import connect
from appguard.connectors.exports.allowed import ExportRules
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.pace import Pace
from appguard.connectors.registry import registry
from appguard.connectors.sources.pool import MOST
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import BundleDigest, ConnectorName
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from appguard.privacy.keys import SubjectKeys
from tests.support.hr_database import Database
from tests.support.subjects import KeysInMemory
from tests.unit.connectors.provider import ACCOUNT, AUDIENCE, ISSUER, Provider, role_of

HR = ConnectorName("hr-db")
QUERY, YEAR, WHO = "my_leave_balance", 2026, "ana@example.com"
PROVIDER = Provider()

Work = Callable[[], object]


@dataclass
class InMemory:
    """An outbox that only remembers."""

    events: list[AuditEvent] = field(default_factory=list)

    def record(self, *events: AuditEvent) -> None:
        """Remember."""
        self.events.extend(events)


class Boundless:
    """Counters that never refuse."""

    def take(self, _key: str, _amount: int, _most: int, _until: datetime) -> bool:
        """There is room."""
        return True


def broker(source: PostgresSource, recorder: Recorder) -> Broker:
    """The broker over one source, every grant given."""
    grants = Grants(connectors={HR: ConnectorGrant(queries=frozenset(registry()[HR].queries))})
    users = TokenVerifier(IdTokens(Issuer(ISSUER, PROVIDER.fetch), AUDIENCE), lambda *_: True)
    permit = Permit(bundle_digest=BundleDigest("sha256:" + "1" * 64), grants=grants)
    admission = Admission(registry(), GrantCache(lambda _: permit), users, "appguard-app-")
    return Broker(
        admission,
        lambda _: source,
        recorder,
        lambda: datetime.now(UTC),
        SubjectKeys(KeysInMemory()).of,
        ExportRules(lambda *_: None, "https://portal.example.com"),
        Budget(Boundless()),
        Pace(Boundless()),
    )


def source_of(database: Database, most: int = MOST) -> PostgresSource:
    """The HR database with a pool of this size."""
    return PostgresSource(lambda _app, _fresh: database.login("hr_broker"), lambda: b"key", most)


def asking(answers: Broker) -> Work:
    """One call as the handler makes it, and the answer's text."""
    body = json.dumps({"parameters": {"year": YEAR}}).encode()
    call = Call(role_of("leave"), ACCOUNT, PROVIDER.token(WHO), HR, QUERY, body)
    return lambda: answers.query(call).json


@contextmanager
def asking_bare(database: Database, most: int = MOST) -> Iterator[Work]:
    """The query alone, prepared, on one of as many connections as the broker has."""
    statement, values = registry()[HR].queries[QUERY].sql, {"year": YEAR}  # type: ignore[attr-defined]
    pool: LifoQueue[psycopg.Connection[tuple[Any, ...]]] = LifoQueue()
    connections = [connect(database.login("hr_broker"), autocommit=True) for _ in range(most)]
    for connection in connections:
        connection.execute("SELECT set_config('appguard.user_email', %s, false)", [WHO])
        pool.put(connection)

    def ask() -> object:
        connection = pool.get()
        try:
            return connection.execute(statement, values, prepare=True).fetchall()
        finally:
            pool.put(connection)

    yield ask
    for connection in connections:
        connection.close()
