"""What Athena makes of a parameter: an expression. DuckDB's `EXECUTE` does the same, and is asked here."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.connectors.parameters import TextParameter
from appguard.connectors.sources.literals import literal
from appguard.kernel.errors import Invalid

ANYTHING = TextParameter(type="text", label="L", min_length=0, max_length=500, multiline=True)


@pytest.fixture(scope="module")
def engine():
    made = duckdb.connect()
    made.execute("CREATE TABLE safe (x int)")
    made.execute("PREPARE echo AS SELECT ?")
    return made


def echoed(engine, value):
    return engine.execute(f"EXECUTE echo({literal(value)})").fetchone()[0]


@given(st.text(st.characters(exclude_characters="\x00"), max_size=500))
def test_a_text_means_itself_whatever_stands_in_it(engine, text):
    try:
        bound = ANYTHING.bind(text)
    except Invalid:
        return
    assert echoed(engine, bound) == bound
    assert len(literal(bound)) <= 1024


@pytest.mark.parametrize(
    "attack",
    [
        "x' OR '1'='1",
        "'); DROP TABLE safe; --",
        "\\' OR 1=1 --",
        "'' || (SELECT count(*) FROM safe)",
        "current_user",
        "' UNION SELECT 1 --",
        "\u02bc OR 1=1",
        "/* */",
        "?",
    ],
)
def test_an_attack_is_a_text_like_any_other(engine, attack):
    assert echoed(engine, attack) == attack
    assert engine.execute("SELECT count(*) FROM safe").fetchone() == (0,)


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -7, 2**31 - 1, date(2026, 11, 24), Decimal("49.90"), Decimal("-0.000001")],
    ids=str,
)
def test_other_types_keep_their_value(engine, value):
    assert echoed(engine, value) == value


def test_numbers_are_written_out():
    assert literal(Decimal("1E+3")) == "1000"


def test_an_id_is_a_text():
    assert literal(UUID(int=7)) == "'00000000-0000-0000-0000-000000000007'"
