import pytest

PAY = {
    "title": "P",
    "sql": "SELECT pay, mail FROM hr_api.pay",
    "columns": [{"name": "pay", "label": "P", "class": "personal", "type": "number"}],
    "user_in": ["mail"],
}


def figures(sql):
    columns = [
        {"name": "team", "label": "T", "class": "internal"},
        {"name": "n", "label": "N", "class": "internal"},
    ]
    return {"pay": PAY, "asked": {"title": "A", "sql": sql, "columns": columns}}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT team, avg(pay) AS n FROM hr_api.pay GROUP BY team",
        "SELECT team, sum(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(*) >= 5",
        "SELECT team, sum(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) >= 4",
        "SELECT team, sum(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) > 3",
        "SELECT team, sum(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) >= 5 OR true",
        "SELECT team, sum(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) <= 5",
        "SELECT team, count(*) AS n FROM hr_api.pay GROUP BY team",
        "SELECT team, max(pay) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) >= 5",
        "SELECT team, (SELECT avg(pay) FROM hr_api.pay) AS n FROM hr_api.team",
        "SELECT team, count(*) AS n FROM hr_api.elsewhere WHERE birth_date IS NULL GROUP BY team",
    ],
)
def test_figures_about_few_persons_are_refused(rules, sql):
    assert "group-too-small" in rules(queries=figures(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT team, avg(id) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) >= 5",
        "SELECT team, sum(id) AS n FROM hr_api.pay GROUP BY team HAVING count(DISTINCT id) > 4 AND true",
        "SELECT team, max(seats) AS n FROM hr_api.team GROUP BY team",
        "SELECT team, n FROM hr_api.team",
    ],
)
def test_figures_about_enough_persons_or_none_are_let_through(rules, sql):
    assert rules(queries=figures(sql)) == set()


def test_a_user_may_see_figures_about_their_own_rows(rules):
    own = {**PAY, "sql": "SELECT sum(pay) AS pay, mail FROM hr_api.pay GROUP BY mail"}
    assert rules(queries={"pay": PAY, "own": own}) == set()


MINIMUM = {"min_group": {"count": "n", "size": 5}}


def test_the_brokers_minimum_will_do_where_it_counts_persons(rules):
    def counted(sql, minimum=MINIMUM):
        return rules(queries={"pay": PAY, "asked": {**figures(sql)["asked"], **minimum}})

    by_person = "SELECT team, count(DISTINCT id)::int AS n FROM hr_api.pay GROUP BY team"
    assert counted(by_person) == set()
    assert counted("SELECT team, count(*)::int AS n FROM hr_api.pay GROUP BY team") == {"group-too-small"}
    assert counted(by_person, {"min_group": {"count": "n", "size": 4}}) == {"group-too-small"}


def test_a_count_that_is_only_checked_is_selected_after_the_columns(rules):
    said = {"min_group": {"count": "people", "size": 5}}
    assert rules("SELECT day, people FROM desk_api.d", said=said) == set()
    assert rules("SELECT people, day FROM desk_api.d", said=said) == {"column-order"}
