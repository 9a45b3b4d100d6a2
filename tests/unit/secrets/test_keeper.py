"""An app's logins: made with it, replaced so that one always works, gone with it."""

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from appguard.connectors.connecting import connect
from appguard.connectors.login import Login
from appguard.kernel.ids import AppId
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from appguard.secrets.administrator import PostgresAdministrator
from appguard.secrets.errors import SourceOutOfReach
from appguard.secrets.keeper import Keeper
from appguard.secrets.names import SecretName, roles
from appguard.secrets.policy import SecretKind
from appguard.secrets.provider import Stage
from appguard.secrets.sources import Sources
from tests.support.secrets import Died, Fate
from tests.support.world import LEAVE, REQUESTER, RISKY
from tests.unit.secrets.conftest import HR, OFFICE

NAME = SecretName.login(HR, LEAVE)


@pytest.fixture
def active(world, keeper, secrets):
    """The leave-request app as it is after its publication, with a login to the HR database."""
    secrets.put(SecretName.session_key(LEAVE), json.dumps({"session_key": "k" * 43}))
    world.draft(LEAVE, RISKY)
    step = StepInput.of(world.reviews.submit(LEAVE, RISKY.digest, REQUESTER))
    world.steps.approve(step, Judgement())
    keeper.provide(LEAVE, [HR])
    world.steps.publish(step)
    return LEAVE


def held(secrets, stage=Stage.CURRENT, name=NAME):
    value = secrets.read(name, stage)
    return json.loads(value.text) if value else None


def works(database, held) -> bool:
    login = Login(host=database.host, dbname="postgres", sslmode="disable", **held)
    try:
        with connect(login) as connection:
            return connection.execute("SELECT count(*) FROM hr_api.headcount").fetchone()[0] > 0
    except psycopg.OperationalError:
        return False


def test_a_new_app_gets_a_login_of_its_own_to_each_database_it_was_granted(keeper, secrets, database):
    assert keeper.provide(LEAVE, [HR, OFFICE]) == [NAME, SecretName.login(OFFICE, LEAVE)]
    assert works(database, held(secrets))
    assert database.roles() == sorted([roles(HR, LEAVE)[0], roles(OFFICE, LEAVE)[0]])


def test_providing_twice_changes_nothing(keeper, secrets):
    keeper.provide(LEAVE, [HR])
    first = held(secrets)

    assert keeper.provide(LEAVE, [HR]) == []
    assert held(secrets) == first


def test_a_login_may_do_what_its_api_role_may_and_cannot_become_it(keeper, secrets, database):
    keeper.provide(LEAVE, [HR])
    login = Login(host=database.host, dbname="postgres", sslmode="disable", **held(secrets))

    with connect(login) as connection:
        connection.autocommit = True
        assert connection.execute("SELECT * FROM hr_api.profile").fetchall() == []
        for sql in (
            "SELECT * FROM hr.employee",
            "SET ROLE hr_broker",
            "CREATE ROLE mine",
            "CREATE TABLE t (n int)",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName)):
                connection.execute(sql)


def test_the_administrator_may_neither_read_nor_become_anybody(secrets, database):
    with Sources(secrets).administrator(HR) as (_, administrator):
        connection = administrator._connection
        for sql in (
            "SELECT * FROM hr_api.headcount",
            "SET ROLE hr_broker",
            "SET ROLE hr_owner",
            "ALTER ROLE postgres PASSWORD 'x'",
            "ALTER ROLE hr_reader LOGIN",
            "GRANT hr_owner TO appguard_hr",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql)


def test_a_rotation_puts_the_other_role_in_force_and_the_first_works_on_through_the_overlap(
    active, keeper, secrets, database, world
):
    before = held(secrets)
    kept = keeper.rotate_app(active)

    assert NAME in kept.rotated
    after = held(secrets)
    assert after["user"] != before["user"]
    assert works(database, after)
    assert (NAME, Stage.PENDING) not in secrets.kept
    [(until,)] = database.rows("SELECT rolvaliduntil FROM pg_roles WHERE rolname = %s", before["user"])
    assert until == world.clock() + timedelta(minutes=15)
    assert "secret.rotated" in world.actions("secret")


def test_the_old_password_is_refused_by_the_database_itself_after_the_overlap(
    active, keeper, secrets, database
):
    before = held(secrets)
    keeper.rotate_app(active)
    assert works(database, before)

    with Sources(secrets).administrator(HR) as (_, administrator):
        administrator.end(before["user"], datetime.now(UTC))  # what fifteen minutes do
    assert not works(database, before)
    assert works(database, held(secrets))


def test_within_the_overlap_no_third_password_shuts_the_first_out(active, keeper, secrets, world):
    keeper.rotate_app(active)
    second = held(secrets)

    assert keeper.rotate_app(active).left == [NAME]
    assert held(secrets) == second
    world.clock.pass_(minutes=15)
    assert NAME in keeper.rotate_app(active).rotated


def test_two_rotations_at_once_are_one(active, keeper, secrets):
    with Sources(secrets).administrator(HR) as (_, administrator), administrator.alone(NAME):
        assert keeper.rotate_app(active).left == [NAME]
    assert NAME in keeper.rotate_app(active).rotated


def steps_of_a_rotation() -> int:
    """More than there are: the test says when it ran to the end."""
    return 12


@pytest.mark.parametrize("dies_after", range(1, steps_of_a_rotation()))
def test_killed_after_any_step_the_login_in_force_works_and_the_next_run_finishes(
    active, keeper, secrets, database, world, records, monkeypatch, dies_after
):
    before, fate = held(secrets), Fate(dies_after)
    mortal = Keeper(
        fate.watch(secrets),
        secrets,
        fate.watch(records),
        Sources(secrets),
        world.apps,
        keeper.databases,
        keeper.policy,
        world.clock,
    )
    with monkeypatch.context() as patch:
        for step in ("give", "end"):
            done = getattr(PostgresAdministrator, step)

            def then_maybe_die(*args, done=done):
                done(*args)
                fate.step()

            patch.setattr(PostgresAdministrator, step, then_maybe_die)
        try:
            mortal._rotated(records.find(NAME))
        except Died:
            died = True
        else:
            died = False

    assert works(database, held(secrets)), "a request at this moment fails"
    assert works(database, before), "a broker that remembers the login fails"
    if died:
        keeper.rotate_app(active)
    assert works(database, held(secrets))
    assert held(secrets)["user"] != before["user"]
    assert held(secrets, Stage.PENDING) is None
    rotations = [e for e in world.events("secret.rotated") if e.resource.id == NAME]
    assert len(rotations) == 2, "the first one, and this one once"
    if dies_after == steps_of_a_rotation() - 1:
        assert not died, "there are more steps than are tried here"


def test_what_is_due_is_found_by_age_and_one_secrets_trouble_is_its_own(active, keeper, secrets, world):
    secrets.put(SecretName.session_key(active), "not a key")
    assert keeper.rotate_due().rotated == []

    world.clock.pass_(days=31)
    kept = keeper.rotate_due()

    assert NAME in kept.rotated
    assert kept.left == [SecretName.session_key(active)]


def test_an_administrator_that_cannot_be_looked_at_keeps_no_other_secret_from_its_turn(
    active, keeper, secrets, world, monkeypatch
):
    def denied(_name):
        raise SourceOutOfReach("not today")

    monkeypatch.setattr(secrets, "changed_at", denied)
    world.clock.pass_(days=8)
    kept = keeper.rotate_due()

    assert NAME in kept.rotated
    assert set(kept.left) == {SecretName.administrator(name) for name in (HR, OFFICE)}


def test_administrators_are_found_and_change_their_own_passwords(keeper, secrets, world, database):
    before = held(secrets, name=SecretName.administrator(HR))
    assert keeper.rotate_due().rotated == [], "they are noticed"
    world.clock.pass_(days=31)
    assert set(keeper.rotate_due().rotated) == {SecretName.administrator(name) for name in (HR, OFFICE)}
    after = held(secrets, name=SecretName.administrator(HR))
    assert after["user"] == before["user"]
    assert not works(database, before)
    with Sources(secrets).administrator(HR):
        pass


def test_an_administrator_whose_change_was_cut_off_gets_in_with_the_pending_password(secrets):
    name = SecretName.administrator(HR)
    pending = secrets.stage(name, json.dumps({"user": "appguard_hr", "password": "next-password"}))
    with Sources(secrets).administrator(HR) as (_, administrator):
        administrator.change_own_password("next-password")

    with Sources(secrets).administrator(HR) as (_, administrator):
        assert administrator._connection.execute("SELECT current_user").fetchone() == ("appguard_hr",)
    assert secrets.read(name, Stage.PENDING) == pending


def test_a_withdrawn_apps_logins_are_gone_from_database_provider_and_records(
    active, keeper, secrets, database, records
):
    keeper.rotate_app(active)
    login = held(secrets)
    kept = keeper.withdraw(active)

    assert NAME in kept.withdrawn
    assert database.roles() == []
    assert not works(database, login)
    assert secrets.read(NAME) is None
    assert records.of_app(active) == []
    assert keeper.withdraw(active).withdrawn == []


def test_what_no_app_needs_any_more_is_withdrawn_when_it_is_due(keeper, world, database, records):
    stray = AppId("never-published")
    keeper.provide(stray, [HR])
    assert database.roles()

    world.clock.pass_(days=31)
    assert set(keeper.rotate_due().withdrawn) == {SecretName.login(HR, stray), SecretName.session_key(stray)}
    assert database.roles() == []


def test_neither_the_server_nor_an_event_ever_holds_a_password(active, keeper, secrets, world, database):
    keeper.rotate_app(active)
    password = held(secrets)["password"]

    assert password not in "".join(event.model_dump_json() for event in world.events())
    [(verifier,)] = database.rows(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s", held(secrets)["user"]
    )
    assert verifier.startswith("SCRAM-SHA-256$")
    assert password not in repr(secrets.read(NAME))


def test_where_a_database_wants_iam_a_role_is_made_and_nothing_is_kept(keeper, secrets, database, records):
    database.run(
        "DO $$ BEGIN CREATE ROLE rds_iam; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT rds_iam TO appguard_hr WITH ADMIN TRUE",
    )
    address = json.loads(secrets.read(SecretName.server(HR)).text) | {"sign_in": "iam"}
    secrets.put(SecretName.server(HR), json.dumps(address))

    assert keeper.provide(LEAVE, [HR]) == []
    role = roles(HR, LEAVE)[0]
    assert database.rows(
        "SELECT pg_has_role(%s, 'rds_iam', 'USAGE'), rolpassword FROM pg_authid WHERE rolname = %s",
        role,
        role,
    ) == [(True, None)]
    assert [record.kind for record in records.of_app(LEAVE)] == [SecretKind.SESSION_KEY]
