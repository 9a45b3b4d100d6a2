import pytest

from appguard.connectors.registry import registry
from appguard.connectors.synthetic.rows import rows

QUERIES = [(name, query, q) for name, c in registry().items() for query, q in c.queries.items()]


@pytest.mark.parametrize(
    ("connector", "name", "query"), QUERIES, ids=lambda v: str(v) if isinstance(v, str) else ""
)
def test_every_query_has_made_up_rows_of_its_shape(connector, name, query):
    made = rows(query, n=4)
    assert len(made) == 4
    assert all(len(row) == len(query.columns) for row in made)
    for row in made:
        for cell, column in zip(row, query.columns, strict=True):
            kind = {"number": int | float, "integer": int, "boolean": bool}.get(column.type, str)
            assert isinstance(cell, int if column.mask == "year" else kind)


def test_the_same_seed_gives_the_same_rows_and_another_one_others():
    query = registry()["hr-db"].queries["team_calendar"]
    assert rows(query, 5, seed=1) == rows(query, 5, seed=1) != rows(query, 5, seed=2)


def test_more_rows_begin_with_the_same_ones():
    query = registry()["hr-db"].queries["team_calendar"]
    assert rows(query, 9)[:5] == rows(query, 5)


def test_masks_apply_to_made_up_rows_too():
    query = registry()["hr-db"].queries["my_profile"]
    names = [column.name for column in query.columns]
    assert all(row[names.index("bank_account")].startswith("••••") for row in rows(query))


def test_made_up_days_make_sense_together():
    query = registry()["hr-db"].queries["team_calendar"]
    names = [column.name for column in query.columns]
    for row in rows(query, n=50):
        made_up = dict(zip(names, row, strict=True))
        assert made_up["starts_on"] <= made_up["ends_on"]
        assert 1960 <= int(made_up["birth_date"]) <= 2006


def column(query, name, count=40):
    place = [each.name for each in query.columns].index(name)
    return [row[place] for row in rows(query, count, seed=1)]


def test_a_person_is_the_same_in_every_query_of_a_connector():
    queries = registry()["hr-db"].queries
    born = dict(
        zip(
            column(queries["team_calendar"], "employee_name"),
            column(queries["team_calendar"], "birth_date"),
            strict=True,
        )
    )
    assert len(born) > 3
    assert set(column(queries["team_open_requests"], "employee_name")) <= set(born)
    assert len(set(column(queries["my_profile"], "birth_date"))) == 1


def test_rows_of_ones_own_name_the_user_and_one_manager():
    queries = registry()["hr-db"].queries
    assert set(column(queries["my_profile"], "full_name")) == {"Sample Person"}
    managers = {
        *column(queries["my_profile"], "manager_name"),
        *column(queries["my_leave_requests"], "decided_by"),
    }
    assert len(managers) == 1
    assert managers != {"Sample Person"}


def test_a_group_is_as_large_as_the_broker_lets_through():
    assert min(column(registry()["hr-db"].queries["headcount_by_department"], "headcount")) >= 5
    assert min(column(registry()["workplace-usage"].queries["busy_floors"], "people")) >= 10
