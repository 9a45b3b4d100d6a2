import pytest

from appguard.connectors.registry import registry
from appguard.connectors.synthetic import rows

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
