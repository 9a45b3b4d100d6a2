from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from appguard.connectors.masks import jsonable, shape_of
from appguard.connectors.model import Column


def masked(value, mask, key=b"key"):
    column = Column.model_validate({"name": "c", "label": "C", "class": "personal", "mask": mask})
    return shape_of(column, key)(value)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("DE00370400440532013000", "••••3000"),
        ("short", "••••"),
        ("twelve-chars", "••••hars"),
        ("", "••••"),
        ("ana@example.com", "a•••@example.com"),
        (None, None),
    ],
)
def test_partial_shows_the_end_of_long_values_only(value, seen):
    assert masked(value, "partial") == seen


def test_year_keeps_the_year_and_turns_what_is_no_date_into_nothing():
    assert masked(date(1981, 3, 30), "year") == 1981
    assert masked("1981-03-30", "year") is None


def test_null_is_nothing_whatever_the_value():
    assert masked("Influenza", "null") is None


def test_hash_recognises_equal_values_and_differs_by_key():
    assert masked("Ana", "hash") == masked("Ana", "hash") != masked("Mia", "hash")
    assert masked("Ana", "hash") != masked("Ana", "hash", key=b"another")
    assert masked(None, "hash") is None
    assert "Ana" not in masked("Ana", "hash")


@pytest.mark.parametrize("mask", ["partial", "hash", "year", "null"])
@pytest.mark.parametrize("value", ["DE00370400440532013000", 5, Decimal("1.5"), True, date(2026, 1, 1)])
def test_no_mask_returns_the_value_itself(mask, value):
    assert masked(value, mask) != value


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Decimal("12.50"), 12.5),
        (Decimal("30.0"), 30),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5, 7, 30), "2026-01-05T07:30:00"),  # noqa: DTZ001 - as a timestamp column comes
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (True, True),
        (None, None),
    ],
)
def test_database_values_become_plain_json(value, json):
    assert jsonable(value) == json


@pytest.mark.parametrize(
    "value", [b"\x00", ["a"], {"whole": "row"}, object()], ids=lambda value: type(value).__name__
)
def test_types_that_could_carry_more_than_one_column_are_refused(value):
    with pytest.raises(TypeError):
        jsonable(value)
