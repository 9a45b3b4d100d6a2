import pytest

MASKED = {"name": {"class": "personal"}, "born": {"class": "personal", "type": "date", "mask": "year"}}
SHOWN = "SELECT name, born, mail FROM desk_api.p"


@pytest.mark.parametrize(
    "sql",
    [
        f"{SHOWN} WHERE born > DATE '1980-01-01'",
        f"{SHOWN} WHERE p.born IS NOT NULL",
        f"{SHOWN} ORDER BY born",
        f"{SHOWN} ORDER BY name, 2",
        f"{SHOWN} GROUP BY name, born, mail",
        f"{SHOWN} GROUP BY 1, 2, 3",
        f"{SHOWN} JOIN desk_api.q USING (born)",
        f"{SHOWN} JOIN desk_api.q AS q ON q.day = p.born",
        f"{SHOWN} NATURAL JOIN desk_api.q",
        "SELECT CASE WHEN born > DATE '1980-01-01' THEN name END AS name, born, mail FROM desk_api.p",
        "SELECT DISTINCT ON (born) name, born, mail FROM desk_api.p",
        "SELECT name, born, mail FROM (SELECT name, born, mail FROM desk_api.p ORDER BY born) AS p",
        "SELECT name, lower(raw) AS born, mail FROM desk_api.p ORDER BY raw",
    ],
)
def test_a_masked_column_that_is_used_twice_is_refused(rules, sql):
    assert rules(sql, MASKED, ("mail",)) == {"mask-undermined"}


def test_one_under_a_second_name_is_refused(rules):
    sql = "SELECT name, born, born AS day, mail FROM desk_api.p"
    columns = {**MASKED, "day": {"class": "personal", "type": "date"}}
    assert rules(sql, columns, ("mail",)) == {"mask-undermined", "column-renamed"}


@pytest.mark.parametrize(
    "sql",
    [
        f"{SHOWN} WHERE name <> '' ORDER BY name, 1",
        "SELECT name, born, mail FROM (SELECT name, born, mail FROM desk_api.p) AS p ORDER BY name",
    ],
)
def test_one_that_is_only_shown_is_let_through(rules, sql):
    assert rules(sql, MASKED, ("mail",)) == set()
