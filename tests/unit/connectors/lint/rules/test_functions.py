import pytest

from appguard.connectors.lint.rules.functions import PURE

COMMAND = {"title": "C", "class": "internal"}


@pytest.mark.parametrize(
    "call",
    [
        "set_config('appguard.user_email', 'x', true)",
        "pg_read_file('/etc/passwd')",
        "pg_catalog.pg_read_file('/etc/passwd')",
        "pg_sleep(5)",
        '"pg_sleep"(5)',
        'pg_catalog."pg_sleep" (5)',
        "PG_SLEEP\n(5)",
        "dblink('host=x', 'SELECT 1')",
        "lo_import('/etc/passwd')",
        "query_to_xml('select * from hr.employee', true, true, '')",
        "database_to_xml(true, true, '')",
        "format('%s', day)".replace("%s", "x"),
        "current_setting('appguard.user_email')",
        "desk_api.all_of_them(day)",
        "to_jsonb(day)",
        "row_to_json(day)",
        "string_agg(day::text, ',')",
        "array_agg(day)",
        "nextval('desk.seq')",
        "lower(pg_read_file('x'))",
        "(SELECT max(pg_sleep(1)))",
        "ROW(day, day)",
        'U&"pg\\005fsleep"(5)',
    ],
)
def test_functions_that_may_do_more_than_calculate_are_refused(rules, call):
    found = rules(f"SELECT {call} AS day FROM desk_api.booking")
    assert found & {"sql-function-unknown", "connector-invalid", "sql-unreadable"}


@pytest.mark.parametrize(
    "place", ["WHERE pg_sleep(1) IS NULL", "ORDER BY pg_sleep(1)", "GROUP BY pg_sleep(1)"]
)
def test_they_are_found_wherever_they_stand(rules, place):
    assert "sql-function-unknown" in rules(f"SELECT day FROM desk_api.booking {place}")


@pytest.mark.parametrize(
    "source", ["pg_read_file('x')", "ROWS FROM (pg_read_file('x'))", "LATERAL pg_ls_dir('/')"]
)
def test_they_are_found_in_place_of_a_relation(rules, source):
    assert "sql-function-unknown" in rules(f"SELECT day FROM {source} AS b")


@pytest.mark.parametrize(
    "expression",
    [
        "lower(day)",
        "pg_catalog.lower(day)",
        "extract(year FROM day)::int",
        "coalesce(day, DATE '2026-01-01')",
        "CASE WHEN day IN (SELECT day FROM desk_api.holiday) THEN 1 END",
        "day::numeric(5, 1)",
        "CAST(day AS numeric(5, 1))",
        "count(*) FILTER (WHERE day IS NULL)",
        "round(avg(day) OVER (PARTITION BY day), 2)",
    ],
)
def test_functions_that_calculate_are_let_through(rules, expression):
    assert "sql-function-unknown" not in rules(f"SELECT {expression} AS day FROM desk_api.booking AS b")


def test_no_function_on_the_list_can_write_or_wait(database):
    """PostgreSQL's own word for it: none of that name is volatile."""
    with database.admin() as admin:
        volatile = admin.execute(
            "SELECT proname FROM pg_proc WHERE proname = ANY(%s) AND provolatile = 'v'", (list(PURE),)
        ).fetchall()
    assert volatile == []


def test_a_command_calls_a_function_of_the_source_but_not_of_the_system(rules):
    def command(sql):
        return rules(queries={}, commands={"c": {**COMMAND, "sql": sql}})

    assert command("SELECT desk_api.cancel(lower('x'))") == set()
    assert command("SELECT pg_catalog.lo_import('/etc/passwd')") == {"sql-function-unknown"}
    assert "sql-function-unknown" in command("SELECT desk_api.cancel(pg_read_file('x'))")
