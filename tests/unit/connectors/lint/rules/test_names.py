import pytest


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM desk_api.booking",
        "SELECT b.* FROM desk_api.booking AS b",
        "SELECT day FROM (SELECT * FROM desk_api.booking) AS b",
        "SELECT b AS day FROM desk_api.booking AS b",
        "SELECT day FROM desk_api.booking WHERE booking IS NOT NULL",
        "SELECT (b).day FROM desk_api.booking AS b",
    ],
)
def test_stars_and_whole_rows_are_refused(rules, sql):
    assert "sql-star" in rules(sql)


def test_counting_rows_is_no_star(rules):
    assert rules("SELECT count(*) AS day FROM desk_api.booking") == set()


def test_a_declared_column_may_be_called_like_its_view(rules):
    assert rules("SELECT day FROM desk_api.day ORDER BY day") == set()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT day, note FROM desk_api.booking", "note"),
        ("SELECT day, lower(note) FROM desk_api.booking", "without a name"),
        ('SELECT day, "Note" FROM desk_api.booking', "Note"),
    ],
)
def test_a_column_without_a_class_is_refused(lint, sql, named):
    [finding] = lint(sql)
    assert finding.rule == "column-undeclared"
    assert named in finding.message


def test_a_declared_column_that_does_not_come_is_refused(lint):
    [finding] = lint("SELECT day FROM desk_api.booking", columns=["day", "desk"])
    assert (finding.rule, "desk is declared" in finding.message) == ("column-missing", True)


def test_another_order_than_declared_is_refused(rules):
    sql = "SELECT desk, day FROM desk_api.booking"
    assert rules(sql, columns=["day", "desk"]) == {"column-order"}
    assert rules(sql, columns=["desk", "day"]) == set()


def test_columns_that_tie_rows_to_the_user_come_last(rules):
    sql = "SELECT mail, day FROM desk_api.booking"
    assert rules(sql, user_in=("mail",)) == {"column-order"}


def test_names_are_compared_as_postgresql_folds_them(rules):
    assert rules("SELECT Day FROM desk_api.booking") == set()
