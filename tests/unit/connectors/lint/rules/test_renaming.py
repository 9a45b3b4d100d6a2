import pytest


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT bank_account AS day FROM desk_api.booking",
        "SELECT bank_account::text AS day FROM desk_api.booking",
        "SELECT (bank_account) AS day FROM desk_api.booking",
        "SELECT day FROM (SELECT bank_account AS day FROM desk_api.booking) AS b",
        "SELECT day FROM desk_api.booking AS b (day, desk)",
        "SELECT day FROM (WITH b (day) AS (SELECT bank_account FROM desk_api.b) SELECT day FROM b) AS c",
        "SELECT day FROM desk_api.a UNION SELECT bank_account FROM desk_api.b",
        "SELECT day FROM desk_api.a EXCEPT SELECT bank_account FROM desk_api.b",
        "SELECT day FROM a.a UNION SELECT day FROM a.b UNION ALL SELECT bank_account FROM a.c",
    ],
)
def test_a_column_under_another_name_is_refused(rules, sql):
    assert "column-renamed" in rules(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT day::text AS day FROM desk_api.booking",
        "SELECT b.day FROM desk_api.booking AS b",
        "SELECT extract(year FROM started)::int AS day FROM desk_api.booking",
        "SELECT day FROM desk_api.a UNION ALL SELECT day FROM desk_api.b",
    ],
)
def test_columns_that_keep_their_name_and_new_values_are_let_through(rules, sql):
    assert rules(sql) == set()


def test_what_ties_rows_to_the_user_may_repeat_a_column(rules):
    assert rules("SELECT day, mail AS checked FROM desk_api.b", user_in=("checked",)) == set()
