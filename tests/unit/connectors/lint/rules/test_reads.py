import pytest


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT day FROM desk_api.booking FOR UPDATE",
        "SELECT day FROM desk_api.booking FOR NO KEY UPDATE SKIP LOCKED",
        "SELECT day FROM desk_api.booking FOR SHARE",
        "SELECT day INTO desk.copy FROM desk_api.booking",
        "SELECT day FROM (SELECT day FROM desk_api.booking FOR KEY SHARE) AS b",
        "SELECT day FROM (WITH gone AS (DELETE FROM desk.booking RETURNING day) SELECT day FROM gone) AS g",
        "SELECT day FROM (WITH new AS (INSERT INTO a.b VALUES (1) RETURNING day) SELECT day FROM new) AS g",
        "SELECT day FROM (WITH set AS (UPDATE desk.b SET day = 1 RETURNING day) SELECT day FROM set) AS g",
    ],
)
def test_a_query_that_writes_or_locks_is_refused(rules, sql):
    assert "sql-writes" in rules(sql)


def test_reading_through_a_common_table_expression_is_no_writing(rules):
    sql = "SELECT day FROM (WITH b AS (SELECT day FROM desk_api.booking) SELECT day FROM b) AS c"
    assert rules(sql) == set()
