"""The second example, which nobody wrote code for: through the broker as an app would ask."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from appguard.apps.model import ConnectorGrant, Grants, Permit
from appguard.connectors.admission import Admission
from appguard.connectors.broker import Broker
from appguard.connectors.budgets.budget import Budget
from appguard.connectors.errors import ExportBlocked, NothingChanged, RefusedBySource
from appguard.connectors.exports.allowed import ExportRules
from appguard.connectors.granted import GrantCache
from appguard.connectors.pace import Pace
from appguard.connectors.registry import ConnectorRegistry
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.kernel.ids import BundleDigest, ConnectorName
from appguard.privacy.keys import SubjectKeys
from tests.support.subjects import KeysInMemory

EXAMPLE = Path(__file__).parents[3] / "examples" / "training-db"
TRAINING = ConnectorName("training-db")
VERSION = BundleDigest("sha256:" + "1" * 64)


@pytest.fixture(scope="module")
def source(database):
    with psycopg.connect(database.uri, autocommit=True) as admin:
        admin.execute("CREATE DATABASE learning")
    with psycopg.connect(database.uri, dbname="learning", autocommit=True) as admin:
        for script in sorted(EXAMPLE.glob("*.sql")):
            admin.execute(script.read_text())
        admin.execute("ALTER ROLE training_broker LOGIN")  # stands for the logins of apps
    login = database.login("training_broker").model_copy(update={"dbname": "learning"})
    made = PostgresSource(lambda _app, _fresh: login, lambda: b"key")
    yield made
    made.close()


@pytest.fixture
def training(source, verifier, witness, counters):
    registry = ConnectorRegistry.load(EXAMPLE)
    connector = registry[TRAINING]
    granted = ConnectorGrant(queries=frozenset(connector.queries), commands=frozenset(connector.commands))
    permit = Permit(bundle_digest=VERSION, grants=Grants(connectors={TRAINING: granted}))
    admission = Admission(registry, GrantCache({"leave": permit}.get), verifier, "appguard-app-")
    keys = SubjectKeys(KeysInMemory()).of
    rules = ExportRules(lambda *_: None, "https://portal.example.com")
    return Broker(
        admission,
        lambda _connector: source,
        witness,
        lambda: datetime.now(UTC),
        keys,
        rules,
        Budget(counters),
        Pace(counters),
    )


def test_everybody_sees_the_courses(training, ask):
    table = training.query(ask("training-db", "courses", since="2027-03-01"))
    assert [row[1] for row in table.rows] == ["Fire warden", "SQL for analysts"]


def test_everybody_sees_their_own_registrations_without_the_remark(training, ask):
    ana = training.query(ask("training-db", "my_registrations"))
    rob = training.query(ask("training-db", "my_registrations", email="rob@example.com"))
    assert [(row[1], row[5]) for row in ana.rows] == [("Fire warden", None), ("First aid", None)]
    assert [row[1] for row in rob.rows] == ["First aid"]


def test_courses_of_few_participants_are_left_out(training, ask):
    assert training.query(ask("training-db", "attendance")).rows == [["First aid", 6]]


def test_registering_twice_is_refused_in_the_owners_words(training, ask):
    assert training.command(ask("training-db", "register", course=3)) == 1
    with pytest.raises(RefusedBySource, match="registered for this course already"):
        training.command(ask("training-db", "register", course=3))
    with pytest.raises(NothingChanged):
        training.command(ask("training-db", "withdraw", email="rob@example.com", course=3))
    assert training.command(ask("training-db", "withdraw", course=3)) == 1


def test_registrations_do_not_leave_as_a_file(training, ask):
    with pytest.raises(ExportBlocked):
        training.export(ask("training-db", "my_registrations", body={"format": "csv", "purpose": "x"}))
