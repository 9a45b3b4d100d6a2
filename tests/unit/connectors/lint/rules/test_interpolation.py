import pytest

TEXT = {"x": {"type": "text", "label": "X"}}


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("SELECT day FROM desk_api.b WHERE desk = '%(x)s'", "inside quotes"),
        ("SELECT day FROM desk_api.b WHERE desk = 'a %(x)s b'", "inside quotes"),
        ("SELECT day FROM desk_api.b WHERE desk = E'%(x)s'", "inside quotes"),
        ("SELECT day FROM desk_api.b WHERE desk = $$%(x)s$$", "inside quotes"),
        ('SELECT day FROM desk_api.b WHERE "%(x)s" = 1', "inside quotes"),
        ('SELECT day FROM desk_api."%(x)s"', "inside quotes"),
        ("SELECT day FROM desk_api.b ORDER BY %(x)s::text", "the order"),
        ("SELECT day FROM desk_api.b ORDER BY CASE WHEN %(x)s::text = 'a' THEN day END", "the order"),
        ("SELECT day FROM desk_api.b GROUP BY day, %(x)s::text", "the groups"),
        ("SELECT day FROM desk_api.b LIMIT %(x)s::int", "how many rows"),
        ("SELECT day FROM desk_api.b FETCH FIRST %(x)s ROWS ONLY", "how many rows"),
        ("SELECT day FROM desk_api.b OFFSET %(x)s::int", "where the rows begin"),
        ("SELECT day FROM desk_api.b WHERE desk LIKE 'a' || %(x)s::text", "glued"),
        ("SELECT day FROM desk_api.b WHERE desk = concat('a', lower(%(x)s::text))", "glued"),
        ("SELECT day FROM desk_api.b WHERE desk = concat_ws('a', %(x)s::text)", "glued"),
    ],
)
def test_a_parameter_that_is_text_of_the_statement_is_refused(lint, sql, what):
    [finding] = [each for each in lint(sql, parameters=TEXT) if each.rule == "sql-interpolated"]
    assert what in finding.message


@pytest.mark.parametrize(
    "sql", ["SELECT day FROM %(x)s", "SELECT day FROM desk_api.%(x)s", "SELECT day AS %(x)s FROM a.b"]
)
def test_a_parameter_in_place_of_a_name_is_refused(rules, sql):
    assert rules(sql, parameters=TEXT) & {"sql-interpolated", "sql-unreadable"}


def test_a_parameter_that_is_compared_is_a_value(rules):
    sql = """SELECT day FROM desk_api.b WHERE desk = %(x)s::text
             AND day IN (SELECT day FROM desk_api.c WHERE starts_with(desk, %(x)s::text))
             ORDER BY day LIMIT 10"""
    assert rules(sql, parameters=TEXT) == set()
