import pytest


def command(sql):
    return {"queries": {}, "commands": {"c": {"title": "C", "class": "internal", "sql": sql}}}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT cancel()",
        "SELECT desk_api.cancel() FROM desk_api.booking",
        "SELECT desk_api.cancel(), desk_api.cancel()",
        "SELECT desk_api.cancel() + 1",
        "SELECT desk_api.cancel((SELECT 1))",
        "SELECT desk_api.cancel(desk_api.other())",
        "SELECT desk_api.cancel() WHERE true",
        "SELECT desk_api.cancel() LIMIT 1",
        "SELECT desk_api.cancel() UNION SELECT desk_api.cancel()",
        "SELECT count(*) FROM desk_api.booking",
        "SELECT 1",
    ],
)
def test_a_command_that_is_more_or_less_than_one_function_is_refused(rules, sql):
    assert "command-not-a-function" in rules(**command(sql))


@pytest.mark.parametrize(
    "sql", ["SELECT desk_api.cancel()", "SELECT desk_api.cancel(1, 'a'::text) AS changed"]
)
def test_one_function_of_the_source_is_a_command(rules, sql):
    assert rules(**command(sql)) == set()
