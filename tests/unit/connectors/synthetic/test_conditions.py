import pytest

from appguard.connectors.registry import registry
from appguard.connectors.synthetic.conditions import Condition, conditions_of


@pytest.mark.parametrize(
    ("connector", "query", "conditions"),
    [
        ("hr-db", "my_leave_balance", [("year", "year", "equals")]),
        ("hr-db", "my_leave_requests", [("status", "status", "equals")]),
        ("hr-db", "team_calendar", [("to", "starts_on", "at_most"), ("from", "ends_on", "at_least")]),
        ("hr-db", "my_profile", []),
        ("office-directory", "company_holidays", [("year", "day", "in_year")]),
        (
            "office-directory",
            "meeting_rooms",
            [("office", "office", "equals"), ("seats", "seats", "at_least")],
        ),
        (
            "equipment-desk",
            "lent_items",
            [
                ("item", "item", "equals"),
                ("since", "lent_on", "at_least"),
                ("until", "lent_on", "at_most"),
            ],
        ),
        ("facility-tickets", "my_tickets", []),
    ],
)
def test_what_a_query_plainly_asks_of_its_columns_is_found(connector, query, conditions):
    found = conditions_of(registry()[connector].queries[query])
    assert found == tuple(Condition(*each) for each in conditions)


def test_masked_columns_are_not_narrowed():
    query = registry()["hr-db"].queries["my_leave_balance"]
    masked = query.columns[0].model_copy(update={"mask": "hash"})
    assert conditions_of(query.model_copy(update={"columns": (masked, *query.columns[1:])})) == ()
