"""A real PostgreSQL with the HR example, an identity provider's keys, and a broker over both."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from appguard.apps.model import ConnectorGrant, Grants, Permit
from appguard.connectors.admission import Admission, Call
from appguard.connectors.broker import Broker
from appguard.connectors.budgets.budget import Budget
from appguard.connectors.exports.allowed import ExportRules, Leave
from appguard.connectors.granted import GrantCache
from appguard.connectors.identity import TokenVerifier
from appguard.connectors.pace import Pace
from appguard.connectors.registry import registry
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.kernel.errors import Unavailable
from appguard.kernel.event import AuditEvent
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from appguard.privacy.keys import SubjectKeys
from tests.support.hr_database import Database, hr_database
from tests.support.subjects import KeysInMemory
from tests.unit.connectors.provider import ACCOUNT, AUDIENCE, ISSUER, Provider, here, role_of

VERSION = BundleDigest("sha256:" + "1" * 64)


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    with hr_database() as running:
        yield running


@pytest.fixture(scope="session")
def sources(database: Database) -> Iterator[dict[str, PostgresSource]]:
    users = {"hr-db": "hr_broker", "payroll-db": "payroll_broker", "office-directory": "office_broker"}
    made = {
        name: PostgresSource(lambda _app, _fresh, user=user: database.login(user), lambda: b"key")
        for name, user in users.items()
    }
    yield made
    for source in made.values():
        source.close()


@pytest.fixture(scope="session")
def provider_keys() -> Provider:
    return Provider()


@pytest.fixture
def provider(provider_keys: Provider) -> Provider:
    return Provider(provider_keys.rsa, provider_keys.ec)


@pytest.fixture
def verifier(provider: Provider) -> TokenVerifier:
    return TokenVerifier(IdTokens(Issuer(ISSUER, provider.fetch), AUDIENCE), here)


class Witness:
    """Remembers events; told to fail, it cannot record."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []
        self.broken = False

    def record(self, *events: AuditEvent) -> None:
        if self.broken:
            raise ConnectionError("the table does not answer")
        self.events.extend(events)

    @property
    def last(self) -> AuditEvent:
        return self.events[-1]

    def everything(self) -> str:
        return "".join(event.model_dump_json() for event in self.events)


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def grants() -> dict[str, Grants]:
    """What is granted, by app: the leave app nearly everything, `lunch` the office directory."""
    everything = {
        name: ConnectorGrant(queries=frozenset(c.queries), commands=frozenset(c.commands))
        for name, c in registry().items()
    }
    office = ConnectorName("office-directory")
    return {
        "leave": Grants(connectors=everything),
        "lunch": Grants(connectors={office: everything[office]}),
    }


class Counted:
    """Counters in memory; told to fail, they cannot say."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.asked = 0
        self.broken = False

    def take(self, key: str, amount: int, most: int, until: datetime) -> bool:
        self.asked += 1
        if self.broken:
            raise Unavailable("this cannot be counted")
        if self.taken.get(key, 0) + amount > most:
            return False
        self.taken[key] = self.taken.get(key, 0) + amount
        return True


@pytest.fixture
def counters() -> Counted:
    return Counted()


@pytest.fixture
def leaves() -> dict[tuple[str, str, str], Leave]:
    """Exports of personal data that somebody allowed, by app, connector and query: none at first."""
    return {}


@pytest.fixture
def subject_keys() -> SubjectKeys:
    return SubjectKeys(KeysInMemory())


@pytest.fixture
def broker(
    sources: dict[str, PostgresSource],
    verifier: TokenVerifier,
    witness: Witness,
    grants: dict[str, Grants],
    subject_keys: SubjectKeys,
    leaves: dict[tuple[str, str, str], Leave],
    counters: Counted,
) -> Broker:
    def permit(app_id: AppId) -> Permit | None:
        return Permit(bundle_digest=VERSION, grants=grants[app_id]) if app_id in grants else None

    return Broker(
        Admission(registry(), GrantCache(permit), verifier, "appguard-app-"),
        lambda connector: sources[connector.name],
        witness,
        lambda: datetime.now(UTC),
        subject_keys.of,
        ExportRules(lambda *about: leaves.get(about[:3]), "https://portal.example.com"),
        Budget(counters),
        Pace(counters),
    )


Ask = Callable[..., Call]


@pytest.fixture
def ask(provider: Provider) -> Ask:
    """Build a call: `ask("hr-db", "my_profile", email=…, app=…, body={…}, **parameters)`."""

    def build(
        connector: str,
        operation: str,
        *,
        email: str = "ana@example.com",
        app: str = "leave",
        token: str | None = None,
        role: str | None = None,
        body: Any = None,
        **parameters: Any,
    ) -> Call:
        content = {"parameters": parameters} if body is None else body
        return Call(
            role=role_of(app) if role is None else role,
            account=ACCOUNT,
            token=provider.token(email) if token is None else token,
            connector=connector,
            operation=operation,
            body=content if isinstance(content, bytes) else json.dumps(content).encode(),
        )

    return build
