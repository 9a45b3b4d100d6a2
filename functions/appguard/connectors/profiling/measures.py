"""Counts of a column's values, in groups of at least `k` people; the source does the counting."""

from collections.abc import Mapping
from math import floor, log10

from psycopg import sql

from appguard.connectors.profiling.answers import Answers
from appguard.connectors.profiling.bars import Cell

MAX_WORDS, MAX_PATTERNS, LONGEST_PATTERN = 100, 20, 40
FINEST = 0.05
"""Fractions of empty values are told in steps of this."""


def cells(answers: Answers, place: sql.Composable) -> Mapping[int, Cell]:
    """How many values lie in each cell of a grid, and of whom; `place` computes the cell."""
    of_whom = [sql.SQL("array_agg(DISTINCT {})").format(person) for person in answers.people]
    found = answers.ask(
        sql.SQL(
            "SELECT cell::int8, count(*), {whom}"
            " FROM (SELECT {place} AS cell, * FROM answer) AS placed"
            " WHERE cell IS NOT NULL GROUP BY 1"
        ).format(place=place, whom=sql.SQL(", ").join(of_whom))
    )
    return {cell: Cell(count, tuple(map(frozenset, people))) for cell, count, *people in found}


def per_asker(answers: Answers) -> Mapping[int, Cell]:
    """How many people see one row, two rows …, of those who see any."""
    found = answers.ask(
        sql.SQL(
            "SELECT seen, count(*), array_agg(appguard_asker) FROM"
            " (SELECT appguard_asker, count(*) AS seen FROM answer GROUP BY 1) AS askers GROUP BY 1"
        )
    )
    return {seen: Cell(count, (frozenset(people),)) for seen, count, people in found}


def total(answers: Answers) -> int:
    """How many rows there are, rounded down to tens."""
    [(rows,)] = answers.ask(sql.SQL("SELECT count(*) FROM answer"))
    return int(rows) // 10 * 10


def empty(answers: Answers, values: sql.Composable, k: int) -> float:
    """The fraction without a value; fewer than `k` people are rounded away, at either end."""
    [(rows, nothing, without, holding)] = answers.ask(
        sql.SQL(
            "SELECT count(*), count(*) FILTER (WHERE {values} IS NULL), {without}, {holding} FROM answer"
        ).format(
            values=values,
            without=answers.counted(sql.SQL("{} IS NULL").format(values)),
            holding=answers.counted(sql.SQL("{} IS NOT NULL").format(values)),
        )
    )
    if without < k:
        return 0.0
    return 1.0 if holding < k else round(round(nothing / rows / FINEST) * FINEST, 2)


def frequent(answers: Answers, values: sql.Composable, k: int, limit: int) -> dict[str, float]:
    """The shares of texts that at least `k` people have; the source keeps the others to itself."""
    found = answers.ask(
        sql.SQL(
            "SELECT {0}, count(*)::float / (SELECT count({0}) FROM answer) FROM answer"
            " WHERE {0} <> '' GROUP BY 1 HAVING {1} >= %(k)s"
            " ORDER BY 2 DESC, 1 LIMIT %(limit)s"
        ).format(values, answers.counted()),
        k=k,
        limit=limit,
    )
    return {word: round(share, 2) for word, share in found}


def pattern(values: sql.Composable) -> sql.Composable:
    """The form of a text: its letters as `a` and `A`, its digits as `9`; none of long ones."""
    form = sql.SQL(
        "CASE WHEN length({0}) <= {1} THEN regexp_replace(regexp_replace(regexp_replace({0},"
        " '[0-9]', '9', 'g'), '[[:upper:]]', 'A', 'g'), '[[:lower:]]', 'a', 'g') END"
    )
    return form.format(values, sql.Literal(LONGEST_PATTERN))


def step_of(answers: Answers, values: sql.Composable, whole: bool) -> float:
    """The width of a cell for these numbers: a power of ten, by the magnitude of their middle part."""
    [(low, high)] = answers.ask(
        sql.SQL(
            "SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY {0}),"
            " percentile_disc(0.9) WITHIN GROUP (ORDER BY {0}) FROM answer"
        ).format(values)
    )
    spread = float(high - low) if low is not None else 0.0
    step = 10.0 ** floor(log10(spread / 3)) if spread else 1.0
    return max(1.0, step) if whole else step
