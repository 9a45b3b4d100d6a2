"""Whatever stands in a file: read or refused with a reason, and soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from appguard.connectors.lint.statement import MAX_DEPTH, Unreadable, line_of, read

LONGEST = 8000


def repeated(opening: str, core: str, closing: str = "") -> str:
    """As much of a nesting as a file may hold."""
    times = (LONGEST - len(core) - 20) // (len(opening) + len(closing))
    return f"SELECT {opening * times}{core}{closing * times}"[:LONGEST]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT 1;", "more than one statement"),
        ("UPDATE desk.booking SET day = NULL", "does not start with SELECT"),
        ("EXECUTE stored('x')", "does not start with SELECT"),
        ("COPY desk.booking TO PROGRAM 'sh'", "does not start with SELECT"),
        ("WITH gone AS (DELETE FROM a.b RETURNING day) DELETE FROM a.c", "not a SELECT"),
        ("", "does not start with SELECT"),
        ("SELECT a FROM b WHERE", "cannot be read"),
        ("SELECT 'a", "cannot be read"),
        ("SELECT $$a", "cannot be read"),
        ("SELECT (1", "cannot be read"),
        (f"SELECT {'(' * (MAX_DEPTH + 1)}1{')' * (MAX_DEPTH + 1)}", "nested too deeply"),
    ],
)
def test_what_is_not_one_select_is_refused_with_a_reason(sql, reason):
    with pytest.raises(Unreadable, match=reason):
        read(sql)


@pytest.mark.parametrize(
    "sql",
    [
        repeated("(", "1", ")"),
        repeated("f(", "1", ")"),
        repeated("(SELECT ", "1", ")"),
        repeated("CASE WHEN true THEN ", "1", " END"),
        repeated("NOT ", "true"),
        repeated("- ", "1"),
        repeated("1 + ", "1"),
        repeated("a.", "b"),
        repeated("a OR ", "b"),
        repeated("'x' || ", "'y'"),
        repeated("1, ", "1"),
        repeated("a, ", "a FROM t"),
        repeated("max(a), ", "a FROM b.c GROUP BY a"),
        repeated("a + ", "a FROM b.c"),
        repeated("1 UNION SELECT ", "1"),
        repeated("x::text::", "text"),
        repeated("INTERVAL ", "1"),
        repeated("1 FROM t JOIN t ON ", "true"),
        "SELECT " + "f(" * 39 + "(SELECT 1)" + ")" * 39,
        "SELECT 1 FROM " + "(t JOIN " * 39 + "t" + ")" * 39,
        "SELECT 1 FROM " + "(" * 40 + "t" + ")" * 40,
        "SELECT " + "CASE WHEN (" * 20 + "1" + ") THEN 1 END" * 20,
    ],
    ids=lambda sql: f"{sql[:40]}…",
)
def test_eight_thousand_characters_of_anything_take_less_than_three_seconds(sql, rules):
    started = time.process_time()
    rules(sql)
    assert time.process_time() - started < 3


WORDS = """SELECT FROM WHERE ( ) , . * a b.c 'x' "y" %(x)s ::text AS WITH UNION CASE WHEN THEN END NOT = ||
ORDER BY LIMIT JOIN LATERAL ON USING $$ $1 -- /* */ ; E'\\' U&"\\0041" ARRAY[ ] IN EXISTS \\ \x00 é"""


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split()), max_size=60).map(" ".join)))
def test_any_text_is_read_or_refused(text):
    for sql in (text, f"SELECT {text}"):
        try:
            tree = read(sql).tree
        except Unreadable:
            continue
        assert isinstance(tree, exp.Query)


def test_a_node_knows_its_line():
    tree = read("SELECT day\nFROM desk_api.booking\nWHERE desk = 'B12'").tree
    assert line_of(tree.args["where"]) == 3
    assert line_of(tree) == 1


def test_names_are_folded_as_postgresql_does():
    assert read('SELECT Day, "Desk" FROM Desk_API.Booking').tree.named_selects == ["day", "Desk"]
