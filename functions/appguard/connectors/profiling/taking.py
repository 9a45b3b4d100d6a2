"""The profile of a connector, measured."""

from datetime import date
from typing import Any

from psycopg import Connection, sql

from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.model import Column
from appguard.connectors.profiles.model import ColumnProfile, DayBar, NumberBar, Profile, QueryProfile
from appguard.connectors.profiling import measures
from appguard.connectors.profiling.answers import Answers, expression, gathered
from appguard.connectors.profiling.bars import Bar, bars
from appguard.kernel.levels import DataClass

MOST = 0.5
"""Named words must make up this share, else a column holds no categories but texts."""
LENGTHS = 5
_MONTH = "extract(year FROM {0}) * 12 + extract(month FROM {0}) - 1"


def taken(
    connector: PostgresConnector,
    people: str | None,
    connection: Connection[tuple[Any, ...]],
    k: int,
    today: date,
) -> Profile:
    """Each query measured; raises `Unreadable` or `psycopg.Error`."""
    measured = {}
    for name, query in connector.queries.items():
        with gathered(query, people, connection) as answers:
            measured[name] = _query(answers, k)
    return Profile(connector=connector.name, taken_on=today, k=k, queries=measured)


def _query(answers: Answers, k: int) -> QueryProfile:
    query = answers.query
    columns = {column.name: _column(column, answers, k) for column in query.columns}
    return QueryProfile(
        rows=measures.total(answers),
        rows_per_person=_numbers(bars(measures.per_asker(answers), k), 1) if query.user_in else (),
        columns={name: known for name, known in columns.items() if known != ColumnProfile()},
    )


def _column(column: Column, answers: Answers, k: int) -> ColumnProfile:
    """Of personal data and above: how much is empty, and how long texts are."""
    values = expression(column)
    known: dict[str, Any] = {"empty": measures.empty(answers, values, k)}
    if column.class_ < DataClass.PERSONAL:
        known |= _distribution(column, answers, values, k)
    if column.type == "text" and not known.get("words") and column.sample in {None, "note"}:
        known["lengths"] = _grid(answers, sql.SQL("length({})").format(values), LENGTHS, k)
    return ColumnProfile(**known)


def _distribution(column: Column, answers: Answers, values: sql.Composable, k: int) -> dict[str, Any]:
    match column.type:
        case "integer" | "number":
            step = measures.step_of(answers, values, whole=column.type == "integer")
            return {"numbers": _grid(answers, values, step, k)}
        case "date" if column.sample == "later":
            since = sql.SQL("{} - {}").format(values, expression(_day_before(column, answers)))
            return {"numbers": _grid(answers, since, 1, k)}
        case "date":
            return {"days": _days(bars(measures.cells(answers, sql.SQL(_MONTH).format(values)), k))}
        case _:
            words = measures.frequent(answers, values, k, measures.MAX_WORDS)
            if sum(words.values()) >= MOST:
                return {"words": words}
            form = measures.pattern(values)
            return {"patterns": measures.frequent(answers, form, k, measures.MAX_PATTERNS)}


def _day_before(column: Column, answers: Answers) -> Column:
    """The row's own day, from which a later one is counted: the last plain date in front of it."""
    columns = answers.query.columns
    before = columns[: columns.index(column)]
    days = [each for each in before if each.type == "date" and each.sample is None]
    return days[-1] if days else column


def _grid(answers: Answers, values: sql.Composable, step: float, k: int) -> tuple[NumberBar, ...]:
    place = sql.SQL("floor(({}) / {}::numeric)").format(values, sql.Literal(step))
    return _numbers(bars(measures.cells(answers, place), k), step)


def _numbers(found: tuple[Bar, ...], step: float) -> tuple[NumberBar, ...]:
    return tuple(
        NumberBar(from_=round(bar.from_ * step, 6), until=round(bar.until * step, 6), share=bar.share)
        for bar in found
    )


def _days(found: tuple[Bar, ...]) -> tuple[DayBar, ...]:
    return tuple(DayBar(from_=_month(bar.from_), until=_month(bar.until), share=bar.share) for bar in found)


def _month(cell: int) -> date:
    return date(cell // 12, cell % 12 + 1, 1)
