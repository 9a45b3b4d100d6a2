import pytest

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.statement import Unreadable
from appguard.connectors.profiling.widened import widened
from appguard.connectors.registry import registry

HR = registry()["hr-db"].queries


def query(where: str) -> PostgresQuery:
    asked = {"type": "text", "label": "Asked"}
    return PostgresQuery.model_validate(
        {
            "title": "Asked",
            "sql": f"SELECT day FROM desk_api.booking WHERE {where}",
            "parameters": {"asked": asked},
            "columns": [{"name": "day", "label": "Day", "class": "internal"}],
        }
    )


@pytest.mark.parametrize("name", HR)
def test_no_query_keeps_a_parameter(name):
    assert "%" not in widened(HR[name])


def test_other_conditions_stay():
    assert widened(query("desk = %(asked)s AND day > '2026-01-01'")).endswith("TRUE AND day > '2026-01-01'")


@pytest.mark.parametrize("where", ["NOT (desk = %(asked)s)", "lower(%(asked)s) IN (desk)"])
def test_a_parameter_that_is_more_than_compared_with_is_not_guessed_at(where):
    with pytest.raises(Unreadable):
        widened(query(where))
