"""The wall behind the broker: what the database itself refuses, and what survives when it goes away."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from appguard.connectors.errors import OutcomeUnknown, SourceFailed, SourceTimeout
from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity
from appguard.connectors.sources.pool import KEEP_SECONDS
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
    [connection] = source._pool
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
    assert len(source._pool) == 1


def test_a_read_and_its_identity_take_one_round_trip(source, tmp_path):
    read(source, "SELECT full_name FROM hr_api.profile")  # prepared
    [connection] = source._pool
    with (tmp_path / "said").open("w+") as said:
        connection.pgconn.trace(said.fileno())
        assert read(source, "SELECT full_name FROM hr_api.profile") == [("Ana Alvarez",)]
        connection.pgconn.untrace()
        said.seek(0)
        assert sum("ReadyForQuery" in line for line in said) == 1


def test_where_the_identity_cannot_be_set_nothing_is_asked(source, database):
    query = PostgresQuery.model_construct(sql="SELECT pg_try_advisory_lock(42)")
    with pytest.raises(Invalid):
        source.read(query, {}, ANA, Limits.model_construct(rows=1, timeout_ms=2**40))
    with database.admin() as admin:
        assert admin.execute("SELECT * FROM pg_locks WHERE locktype = 'advisory'").fetchall() == []


def test_queries_that_fail_leave_nothing_prepared_in_the_server(source):
    for _ in range(3):
        with pytest.raises(Invalid):
            read(source, "SELECT CAST(%(text)s AS integer)", text="none")
    statements = [statement for (statement,) in read(source, "SELECT statement FROM pg_prepared_statements")]
    assert [statement for statement in statements if "CAST" in statement] == []


def test_a_connection_killed_between_two_accesses_is_replaced_without_a_word(source, database, caplog):
    read(source, "SELECT 1")
    with database.admin() as admin:
        _terminate(admin)
    assert read(source, "SELECT full_name FROM hr_api.profile") == [("Ana Alvarez",)]
    assert caplog.records == [], "what the driver logs quotes the server"


def test_a_connection_killed_during_an_access_is_unavailable_then_recovers(source, database):
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read, source, "SELECT pg_sleep(5)", timeout=4000)
        _kill_sleepers(database)
        with pytest.raises(Unavailable):
            slow.result()
    assert read(source, "SELECT 1") == [(1,)]


def test_a_read_on_a_kept_connection_that_dies_is_asked_again_once_and_not_twice(source, database):
    read(source, "SELECT 1")
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(read, source, "SELECT pg_sleep(1)::text", timeout=4000)
        _kill_sleepers(database)
        assert answered.result() == [("",)]
        refused = pool.submit(read, source, "SELECT pg_sleep(5)::text", timeout=4000)
        for _ in range(2):
            _kill_sleepers(database)
        with pytest.raises(Unavailable):
            refused.result()


def _kill_sleepers(database):
    """End the one process that sleeps, as soon as there is one."""
    kill = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE usename = 'hr_broker' AND state = 'active' AND query LIKE '%pg_sleep%'"""
    with database.admin() as admin:
        until(lambda: admin.execute(kill).fetchall())


def test_a_change_whose_commit_was_not_confirmed_may_have_been_made(source, database):
    command = PostgresCommand.model_construct(sql="SELECT 1", refusals={})
    writing = source.write(command, {}, ANA, Limits())
    assert writing.__enter__() == 1
    with database.admin() as admin:
        _terminate(admin)
    with pytest.raises(OutcomeUnknown):
        writing.__exit__(None, None, None)


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


def test_ten_times_as_many_callers_as_connections_wait_their_turn_and_are_all_answered(database):
    source = PostgresSource(lambda _app, _fresh: database.login("hr_broker"), lambda: b"key", most=3)
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: read(source, "SELECT pg_sleep(0.005)::text"), range(30)))

    assert answers == [[("",)]] * 30
    assert _connections(database) == 3
    source.close()


def test_who_waits_longer_than_their_query_may_take_is_told_so(database):
    source = PostgresSource(lambda _app, _fresh: database.login("hr_broker"), lambda: b"key", most=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read, source, "SELECT pg_sleep(0.6)::text")
        until(lambda: _connections(database) == 1)
        with pytest.raises(Unavailable, match="busy"):
            read(source, "SELECT 1", timeout=100)
        assert slow.result()
    assert read(source, "SELECT 1") == [(1,)]
    source.close()


def test_a_function_that_was_frozen_finds_its_connections_replaced_unnoticed(source, database):
    read(source, "SELECT 1")
    with database.admin() as admin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(source._pool, "_now", lambda: time.monotonic() + KEEP_SECONDS + 1)
        [before] = _users(admin)
        assert read(source, "SELECT full_name FROM hr_api.profile") == [("Ana Alvarez",)]
        until(lambda: len(_users(admin)) == 1)
        assert _users(admin) != [before]


def _users(admin):
    """The processes that serve the broker."""
    found = admin.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'appguard-broker'")
    return [pid for (pid,) in found]


def _terminate(admin):
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'appguard-broker'"
    )


def _connections(database):
    with database.admin() as admin:
        return len(_users(admin))


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


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
