"""Logins Vault leases: one for each app, which goes on, is replaced before it ends, and ends with its app."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from appguard.connectors.connecting import connect
from appguard.connectors.errors import SourceFailed
from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.login import Login
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.connectors.store import Logins
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId
from appguard.secrets.keeper import Keeper
from appguard.secrets.leased import LeasedLogins
from appguard.secrets.names import SecretName
from appguard.secrets.policy import secret_policy
from appguard.secrets.provider import Stage
from appguard.secrets.sources import Sources
from appguard.secrets.vault.errors import VaultAway, VaultDenied, VaultSealed
from appguard.secrets.vault.iam import signed_identity
from appguard.secrets.vault.leases import VaultLeases
from appguard.secrets.vault.session import VaultSession
from tests.support.secrets import InMemory
from tests.support.vault_database import DatabaseEngine, Role
from tests.unit.secrets.conftest import ADMIN_PASSWORD, HR

APP = AppId("leave-request")
NAME = SecretName.login(HR, APP)
ROLE, CREDS = "appguard-hr-db", "GET /v1/database/creds/appguard-hr-db"
DAY = 24 * 3600


def described() -> Role:
    """The role as docs/deploy.md describes it to Vault."""
    page = (Path(__file__).parents[4] / "docs/deploy.md").read_text()
    [block] = re.findall(rf"database/roles/{ROLE} - <<'END'\n(.*?)\nEND", page, re.DOTALL)
    said = json.loads(block)
    hours = {name: int(said[name].removesuffix("h")) for name in ("default_ttl", "max_ttl")}
    return Role(
        tuple(said["creation_statements"]),
        tuple(said["revocation_statements"]),
        **{name: value * 3600 for name, value in hours.items()},
    )


@pytest.fixture
def engine(database, vault, secrets):
    """Vault knows the HR database, signed in there as its administrator; AppGuard does not."""

    def administrator():
        return psycopg.connect(
            host=database.host, dbname="postgres", user="appguard_hr", password=ADMIN_PASSWORD
        )

    vault.database = DatabaseEngine(administrator)
    vault.database.roles[ROLE] = described()
    vault.lease_of["keeper-logins"] = 32 * DAY
    server = json.loads(secrets.read(SecretName.server(HR)).text)
    vault.put(SecretName.server(HR), **server | {"sign_in": "vault"})
    yield vault.database
    for lease in list(vault.database.leases):
        vault.database.revoke(lease)


@pytest.fixture
def leases(session, engine):
    proof = signed_identity("http://127.0.0.1", "keeper-logins")
    return VaultLeases(session, lambda: VaultSession(session.exchange, proof), timedelta(days=21))


@pytest.fixture
def keeper(world, provider, records, leases, monkeypatch):
    monkeypatch.setattr(Keeper, "_needed", lambda *_: True)
    return Keeper(
        provider,
        InMemory(),
        records,
        Sources(provider),
        world.apps,
        {HR},
        secret_policy(),
        world.clock,
        LeasedLogins(provider, leases),
    )


@pytest.fixture
def held(keeper, provider):
    """What the app's secret holds, once it was provided."""
    keeper.provide(APP, [HR])
    return lambda stage=Stage.CURRENT: json.loads(provider.read(NAME, stage).text)


@pytest.fixture
def who():
    return Identity("dana@example.com", APP)


@pytest.fixture
def query(who):
    def ask(source) -> bool:
        return counted(source, who, "SELECT count(*) FROM hr_api.headcount") > 0

    return ask


def counted(source, who, sql: str) -> int:
    """The one number that a statement selects, asked as the broker asks."""
    return source.read(PostgresQuery.model_construct(sql=sql), {}, who, Limits()).rows[0][0]


def works(database, held) -> bool:
    login = {"user": held["user"], "password": held["password"]}
    try:
        with connect(Login(host=database.host, dbname="postgres", sslmode="disable", **login)) as connection:
            return connection.execute("SELECT count(*) FROM hr_api.headcount").fetchone()[0] > 0
    except psycopg.OperationalError:
        return False


def test_a_login_works_as_its_connectors_role_says_and_no_administrator_is_known_here(
    held, database, provider
):
    assert works(database, held())
    assert provider.read(SecretName.administrator(HR)) is None


def test_brokers_read_the_login_where_passwords_lie_and_a_fleet_of_them_takes_no_lease(
    held, vault, engine, provider
):
    fleet = [Logins(provider, lambda *_: "") for _ in range(20)]

    assert {logins.get(HR, APP).user for logins in fleet} == {held()["user"]}
    assert (len(engine.leases), vault.asked[CREDS]) == (1, 1)


def test_every_run_renews_and_the_login_outlives_its_first_day(held, keeper, engine, database):
    first = held()
    for _ in range(30):
        engine.pass_time(hours=1)
        assert keeper.rotate_due().renewed == [NAME]

    assert held() == first
    assert works(database, first)


def test_without_renewal_the_database_forgets_the_login(held, engine, database):
    engine.pass_time(hours=24)

    assert not works(database, held())


@pytest.mark.parametrize("why", ["not renewable", "most it may be renewed to is reached", "ended"])
def test_a_lease_that_does_not_go_on_is_replaced_and_works_on_for_those_who_know_it(
    held, keeper, engine, database, why
):
    first, role = held(), engine.roles[ROLE]
    if why == "not renewable":
        role.renewable = False
        engine.pass_time(hours=22)
    elif why == "ended":
        engine.pass_time(hours=24)
    else:
        role.max_ttl = DAY
        engine.pass_time(hours=22)

    assert keeper.rotate_due().rotated == [NAME]
    assert held()["user"] != first["user"]
    assert works(database, held())
    assert works(database, first) == (why != "ended")
    assert len(engine.leases) == (1 if why == "ended" else 2)


def test_one_that_cannot_be_renewed_and_has_time_left_stays(held, keeper, engine):
    engine.roles[ROLE].renewable = False
    engine.pass_time(hours=5)

    assert keeper.rotate_due().renewed == [NAME]
    assert engine.made == 1


def test_a_lease_somebody_revoked_in_vault_is_replaced_by_the_next_run(held, keeper, engine, database):
    engine.revoke(held()["lease"])
    assert not works(database, held())

    assert keeper.rotate_due().rotated == [NAME]
    assert works(database, held())


def test_what_was_replaced_ends_after_the_overlap_and_there_are_never_more_than_two(
    held, keeper, engine, database, world
):
    first = held()
    keeper.rotate_app(APP)
    engine.pass_time(minutes=14)
    assert works(database, first)
    engine.pass_time(minutes=1)

    assert not works(database, first)
    assert works(database, held())
    for _ in range(5):
        world.clock.pass_(days=7)
        engine.pass_time(minutes=60)
        assert NAME in keeper.rotate_due().rotated
        assert len(engine.leases) == 2


def sleeping(database) -> bool:
    """Whether some statement is in the middle of its sleep."""
    [(slept,)] = database.rows("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    return slept > 0


def test_requests_go_on_while_leases_come_and_go(held, keeper, engine, provider, database, query, who):
    """A connection in use when its lease is replaced answers; so does every later request."""
    logins, ticks = Logins(provider, lambda *_: ""), [0.0]
    logins._now = lambda: ticks[0]
    source = PostgresSource(lambda app, fresh: logins.get(HR, AppId(app), fresh=fresh), lambda: b"")
    source._pool._now = lambda: ticks[0]
    done = []
    slow = "SELECT count(*) FROM hr_api.headcount, pg_sleep(0.5)"

    with ThreadPoolExecutor() as pool:
        in_flight = pool.submit(counted, source, who, slow)
        while not sleeping(database):
            time.sleep(0.01)
        keeper.rotate_app(APP)
        assert in_flight.result() > 0

    for half_minute in range(80):
        ticks[0] += 30
        engine.pass_time(seconds=30)
        if half_minute % 40 == 39:
            keeper.rotate_app(APP)
        done.append(query(source))
    assert all(done)
    assert engine.made == 4


def test_a_connection_whose_lease_was_revoked_is_not_used_twice(held, keeper, engine, provider, query, who):
    logins = Logins(provider, lambda *_: "")
    source = PostgresSource(lambda app, fresh: logins.get(HR, AppId(app), fresh=fresh), lambda: b"")
    query(source)
    engine.revoke(held()["lease"])
    keeper.rotate_due()

    with pytest.raises(SourceFailed):
        query(source)
    assert query(source)


def test_an_app_that_is_gone_leaves_no_lease(held, keeper, engine, database, records, provider):
    login = held()
    keeper.rotate_app(APP)
    [record] = [record for record in records.of_app(APP) if record.connector]
    keeper._withdrawn(record)

    assert engine.leases == {}
    assert not works(database, login)
    assert provider.read(NAME) is None
    keeper._drop(HR, APP)


def test_what_dies_after_promotion_is_finished_by_the_next_run_with_the_same_lease(
    held, keeper, engine, monkeypatch
):
    first = held()

    def dies(*_):
        raise VaultAway("now")

    with monkeypatch.context() as patch:
        patch.setattr(VaultLeases, "end", dies)
        assert keeper.rotate_app(APP).left[-1:] == [NAME]
    second = held()
    assert second["user"] != first["user"]
    keeper.rotate_app(APP)

    assert held() == second
    engine.pass_time(minutes=15)
    assert [lease.user for lease in engine.leases.values()] == [second["user"]]


def test_a_login_the_database_does_not_take_is_revoked_and_the_one_in_force_stays(held, keeper, engine):
    first = held()
    engine.roles[ROLE].creation = ('CREATE ROLE "{{name}}" NOLOGIN',)

    assert NAME in keeper.rotate_app(APP).left
    assert held() == first
    assert len(engine.leases) == 1


def test_a_change_of_how_apps_sign_in_is_followed_both_ways(held, keeper, vault, engine, secrets, database):
    server = vault.versions[SecretName.server(HR)][-1]["data"]
    administrator = json.loads(secrets.read(SecretName.administrator(HR)).text)
    vault.put(SecretName.administrator(HR), **administrator)
    vault.put(SecretName.server(HR), **server | {"sign_in": "password"})
    assert NAME in keeper.rotate_due().rotated
    assert held()["user"] in database.roles()

    vault.put(SecretName.server(HR), **server)
    assert NAME in keeper.rotate_due().rotated
    assert works(database, held())
    assert "lease" in held()


@pytest.mark.parametrize("trouble", ["database is down", "sealed"])
def test_what_is_in_the_way_is_left_to_the_next_run_and_nothing_changes(held, keeper, vault, engine, trouble):
    first, engine.broken, vault.sealed = held(), trouble != "sealed", trouble == "sealed"

    if trouble == "sealed":
        with pytest.raises(VaultSealed):
            keeper.leased.lasts(NAME)
    kept = keeper.rotate_due()
    assert NAME in kept.left
    assert kept.rotated == []
    engine.broken = vault.sealed = False
    assert held() == first


def test_a_token_that_ends_before_its_login_would_is_not_used(leases, vault, engine):
    vault.lease_of["keeper-logins"] = DAY

    with pytest.raises(Misconfigured, match="ends with the token"):
        leases.take(HR)
    assert engine.made == 0


def test_a_login_too_short_to_be_renewed_in_time_is_given_back(leases, engine):
    engine.roles[ROLE].default_ttl = 3600

    with pytest.raises(Misconfigured, match="before they would be renewed"):
        leases.take(HR)
    assert (engine.made, engine.leases) == (1, {})


def test_the_functions_own_token_may_end_and_the_login_does_not(held, engine, database, keeper):
    for _ in range(4):
        engine.pass_time(hours=12)
        keeper.rotate_due()

    assert works(database, held())
    assert engine.made == 1


def test_what_vault_forbids_or_does_not_know_is_denied(leases, vault, engine):
    vault.forbids = frozenset({ROLE})
    with pytest.raises(VaultDenied):
        leases.take(HR)
    vault.forbids = frozenset()
    engine.roles.clear()
    with pytest.raises(VaultDenied, match=ROLE):
        leases.take(HR)


@pytest.mark.parametrize("said", [{}, {"lease_id": "x"}, {"lease_id": "", "data": {"username": "a"}}])
def test_an_answer_that_is_no_login_is_none_and_is_not_quoted(leases, monkeypatch, said):
    answer = type("Answer", (), {"status": 200, "body": said | {"password": "s3cret"}})
    monkeypatch.setattr(VaultSession, "ask", lambda *_: answer)

    with pytest.raises(VaultAway) as away:
        leases.take(HR)
    assert "s3cret" not in str(away.value.as_dict())


def test_a_connector_that_wants_vault_where_there_is_none_is_a_fault_of_the_deployment(keeper, engine):
    without = Keeper(*(getattr(keeper, name) for name in list(keeper.__dataclass_fields__)[:-1]))

    with pytest.raises(Misconfigured, match="secrets_provider"):
        without.provide(APP, [HR])


def test_neither_an_event_nor_anything_printed_holds_a_password(held, keeper, world, leases):
    keeper.rotate_app(APP)
    password = held()["password"]

    assert password not in "".join(event.model_dump_json() for event in world.events())
    made = leases.take(HR)
    assert made.password.get_secret_value() not in repr(made)
