"""The wall behind the broker: what the database itself refuses, and what survives when it goes away."""

import contextlib
import threading

import psycopg
import pytest

from appguard.connectors.errors import SourceFailed, SourceTimeout
from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.kernel.errors import Invalid, Unavailable

ANA = Identity("ana@example.com", "leave")
TABLES = ["hr.employee", "hr.leave_request", "hr.leave_entitlement", "payroll.payslip"]


@pytest.fixture
def source(database):
    made = PostgresSource(lambda _app, _fresh: database.login("hr_broker"), lambda: b"key")
    yield made
    made.close()


def read(source, sql, timeout=2000, who=ANA, **bound):
    """Past the checks of the connector file: what is left is the database's own."""
    query = PostgresQuery.model_construct(sql=sql)
    return source.read(query, bound, who, Limits(rows=100, timeout_ms=timeout)).rows


@pytest.mark.parametrize("table", [*TABLES, "hr.department", "office.defect", "payroll_api.payslip"])
def test_the_login_may_read_no_table_and_no_other_connectors_views(source, table):
    with pytest.raises(SourceFailed) as refused:
        read(source, f"SELECT * FROM {table}")
    assert refused.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["hr_owner", "hr_reader", "payroll_owner", "payroll_reader"])
def test_row_level_security_binds_owners_and_view_owners_too(database, table, role):
    with database.admin() as admin:
        admin.execute(f"SET ROLE {role}")
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            assert admin.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_no_role_of_the_example_bypasses_row_level_security(database):
    with database.admin() as admin:
        found = admin.execute(
            """SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolcreaterole)
               AND rolname ~ '^(hr|payroll|office)_'"""
        )
        assert found.fetchall() == []


@pytest.mark.parametrize("role", ["hr_owner", "hr_reader", "postgres"])
def test_the_login_cannot_become_somebody_else(source, role):
    with pytest.raises((SourceFailed, Invalid)):
        read(source, "SELECT set_config('role', %(role)s, true)", role=role)


def test_identity_ends_with_the_transaction(source):
    assert read(source, "SELECT full_name FROM hr_api.profile") == [("Ana Alvarez",)]
    [connection] = source._idle
    with connection.transaction():
        assert connection.execute("SELECT * FROM hr_api.profile").fetchall() == []


def test_a_query_cannot_write(source):
    with pytest.raises(SourceFailed):
        read(source, "SELECT hr_api.request_leave('unpaid', '2027-08-02', '2027-08-02', '') AS n")


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT 1 AS x) AS y; DROP TABLE hr.employee; --"])
def test_stacked_statements_are_refused_by_the_protocol(source, sql):
    with pytest.raises(SourceFailed):
        read(source, sql)


def test_a_slow_query_ends_at_the_time_limit(source):
    with pytest.raises(SourceTimeout) as refused:
        read(source, "SELECT pg_sleep(5)", timeout=60)
    assert refused.value.status == 504


def test_the_server_cuts_an_endless_answer_off(source):
    assert len(read(source, "SELECT generate_series(1, 1000000000) AS n")) == 101


def test_the_databases_words_stay_inside(source):
    with pytest.raises(Invalid) as refused:
        read(source, "SELECT CAST(%(text)s AS integer)", text="secret-value")
    assert "secret-value" not in str(refused.value.as_dict())


def test_an_error_leaves_the_connection_usable(source):
    with pytest.raises(SourceFailed):
        read(source, "SELECT * FROM hr.employee")
    assert read(source, "SELECT 1") == [(1,)]
    assert len(source._idle) == 1


def test_a_connection_killed_between_two_accesses_is_replaced_unnoticed(source, database):
    read(source, "SELECT 1")
    with database.admin() as admin:
        admin.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'appguard-broker'"""
        )
    assert read(source, "SELECT full_name FROM hr_api.profile") == [("Ana Alvarez",)]


def test_a_connection_killed_during_an_access_is_unavailable_then_recovers(source, database):
    def kill():
        with database.admin() as admin:
            admin.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE usename = 'hr_broker' AND query LIKE '%pg_sleep%'"""
            )

    killer = threading.Timer(0.4, kill)
    killer.start()
    with pytest.raises(Unavailable):
        read(source, "SELECT pg_sleep(5)", timeout=4000)
    killer.join()
    assert read(source, "SELECT 1") == [(1,)]


def test_concurrent_accesses_each_see_their_own_user(source):
    seen = {}

    def look(email):
        sql = "SELECT email, pg_sleep(0.05)::text FROM hr_api.profile"
        seen[email] = [row[0] for row in read(source, sql, 4000, Identity(email, "leave"))]

    people = [f"{name}@example.com" for name in ("ana", "mia", "rob", "sam", "ada", "pat")]
    threads = [threading.Thread(target=look, args=(email,)) for email in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {email: [email] for email in people}


def test_a_refused_login_is_read_again_once(database):
    asked = []

    def login(_app, fresh):
        asked.append(fresh)
        return database.login("hr_broker" if fresh else "gone_after_rotation")

    source = PostgresSource(login, lambda: b"key")
    assert read(source, "SELECT 1") == [(1,)]
    assert asked == [False, True]
    source.close()


def test_a_source_that_is_away_is_unavailable(database):
    away = PostgresSource(lambda _app, _fresh: database.login("nobody"), lambda: b"key")
    with pytest.raises(Unavailable) as refused:
        read(away, "SELECT 1")
    assert "nobody" not in str(refused.value.as_dict())
