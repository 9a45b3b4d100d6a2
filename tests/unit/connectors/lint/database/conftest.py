"""The training example in a database of its own, which each test may spoil a copy of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from appguard.connectors.connecting import connect
from appguard.connectors.lint.database import prove
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.file import ConnectorFile, read_file
from appguard.connectors.lint.findings import findings
from appguard.kernel.finding import Finding
from tests.unit.connectors.conftest import Database

EXAMPLE = Path(__file__).parents[5] / "examples" / "training-db"
TEMPLATE = "training"


class Copies:
    """Databases spoilt by some SQL, seen by a login like an app's; changes to roles are undone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = count()

    @contextmanager
    def spoilt(self, sql: str = "", undo: str = "") -> Iterator[Session]:
        name = f"spoilt_{next(self._numbers)}"
        with self._database.admin() as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
            admin.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
            with psycopg.connect(self._database.uri, dbname=name, autocommit=True) as inside:
                if sql:
                    inside.execute(sql)
            login = self._database.login("training_login").model_copy(update={"dbname": name})
            try:
                with connect(login) as connection:
                    yield Session(connection)
            finally:
                if undo:
                    admin.execute(undo)
                admin.execute(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def copies(database: Database) -> Copies:
    with database.admin() as admin:
        admin.execute(f"CREATE DATABASE {TEMPLATE}")
    with psycopg.connect(database.uri, dbname=TEMPLATE, autocommit=True) as inside:
        for script in sorted(EXAMPLE.glob("*.sql")):
            inside.execute(script.read_text())
        inside.execute("CREATE ROLE training_login LOGIN IN ROLE training_broker")
    return Copies(database)


@pytest.fixture
def training(tmp_path: Path) -> Callable[..., ConnectorFile]:
    """The example's file, with a text of it replaced."""

    def build(old: str = "", new: str = "") -> ConnectorFile:
        text = (EXAMPLE / "training-db.yaml").read_text()
        assert old in text
        (tmp_path / "training-db.yaml").write_text(text.replace(old, new))
        return read_file(tmp_path / "training-db.yaml")

    return build


@pytest.fixture
def prove_it(copies: Copies, training: Callable[..., ConnectorFile]) -> Callable[..., list[Finding]]:
    """What the database says of the example after `spoil`, or of a changed file."""

    def run(spoil: str = "", undo: str = "", file: ConnectorFile | None = None) -> list[Finding]:
        file = file or training()
        with copies.spoilt(spoil, undo) as session:
            return findings(file, prove(file, session))

    return run
