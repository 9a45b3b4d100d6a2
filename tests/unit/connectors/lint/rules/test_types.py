import pytest

TEXT = {"x": {"type": "text", "label": "X", "required": False}}


@pytest.mark.parametrize(
    "condition",
    [
        "%(x)s IS NULL",
        "coalesce(%(x)s, desk) = desk",
        "lower(%(x)s) = desk",
        "%(x)s = 'a'",
        "CASE WHEN desk = 'a' THEN %(x)s END = 'b'",
        "(%(x)s) = desk",
    ],
)
def test_a_parameter_whose_type_nothing_tells_is_refused(rules, condition):
    assert rules(f"SELECT day FROM desk_api.b WHERE {condition}", parameters=TEXT) == {"parameter-untyped"}


def test_one_that_is_selected_is_refused(rules):
    assert rules("SELECT %(x)s AS day FROM desk_api.b", parameters=TEXT) == {"parameter-untyped"}


@pytest.mark.parametrize(
    "condition",
    ["day >= %(x)s", "%(x)s <= day", "day BETWEEN %(x)s AND %(x)s", "desk IN (%(x)s)", "%(x)s::text IS NULL"],
)
def test_a_cast_or_a_column_beside_it_tells_the_type(rules, condition):
    assert rules(f"SELECT day FROM desk_api.b WHERE {condition}", parameters=TEXT) == set()


def test_arguments_of_commands_are_cast(rules):
    command = {"title": "C", "class": "internal", "sql": "SELECT desk_api.cancel(%(x)s)", "parameters": TEXT}
    assert rules(queries={}, commands={"c": command}) == {"parameter-untyped"}
