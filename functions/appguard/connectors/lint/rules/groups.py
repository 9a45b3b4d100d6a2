"""Figures about persons come from groups large enough to hide each of them.

A query whose rows belong to the user needs none: `user_in` stands in every row of it.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import Origin, origins, outputs, relation
from appguard.connectors.lint.rules.classes import known_classes
from appguard.connectors.lint.statement import Statement, tables
from appguard.connectors.rules import MinGroup
from appguard.gates.data.words import looks_personal
from appguard.kernel.levels import DataClass

MINIMUM = 5
"""The smallest group of persons a figure may be about."""


def check(queries: Sequence[Examined[SqlQuery]]) -> Iterator[Fault]:
    """Aggregates over personal columns without a minimum, and those that pick a single value out."""
    known = known_classes(queries)
    for query in queries:
        if query.declared.user_in:
            continue
        for select in query.statement.tree.find_all(exp.Select):
            about_persons = _about_persons(select, query.statement, known)
            if about_persons and (complaint := small_groups(select, query.declared.min_group)):
                yield query.fault("group-too-small", complaint, select)


def small_groups(select: exp.Select, minimum: MinGroup | None) -> str:
    """What lets a single person show through a SELECT's aggregates; empty if nothing does.

    `minimum` is what the broker checks: it counts persons if the column it reads does.
    """
    figures = list(_figures(select))
    if not figures and not select.args.get("group"):
        return ""
    if any(isinstance(figure, exp.Min | exp.Max) and figure.find(exp.Column) for figure in figures):
        return "min and max pick out the value of a single person"
    if any(_enough(condition) for condition in _conditions(select)):
        return ""
    if minimum is None or minimum.size < MINIMUM:
        return f"groups of fewer than {MINIMUM} persons are shown"
    counted = {each.name: each.expression for each in outputs(select)}.get(minimum.count)
    return "" if counted and _counts_persons(counted) else f"{minimum.count} counts rows, not persons"


def _figures(select: exp.Select) -> Iterator[exp.Expr]:
    """The aggregates of this SELECT, not of those within it."""
    for figure in select.find_all(exp.AggFunc):
        if figure.find_ancestor(exp.Select) is select:
            yield figure


def _about_persons(select: exp.Select, statement: Statement, known: Mapping[Origin, DataClass]) -> bool:
    """Whether it reads a column that is personal, or counts rows of a relation that has one."""
    personal = {origin for origin, level in known.items() if level >= DataClass.PERSONAL}
    if {relation(table) for table in tables(select)} & {name for name, _ in personal}:
        return True
    columns = list(select.find_all(exp.Column))
    return any(looks_personal(column.name) or origins(column, statement) & personal for column in columns)


def _conditions(select: exp.Select) -> Iterator[exp.Expr]:
    """What HAVING demands without an alternative."""
    if having := select.args.get("having"):
        condition = having.this.unnest()
        yield from condition.flatten() if isinstance(condition, exp.And) else (condition,)


def _enough(condition: exp.Expr) -> bool:
    """Whether it says `count(DISTINCT …) >= 5` or more."""
    if not isinstance(condition, exp.GTE | exp.GT) or not _counts_persons(condition.this):
        return False
    least = condition.expression
    return least.is_int and int(least.name) + isinstance(condition, exp.GT) >= MINIMUM


def _counts_persons(expression: exp.Expr) -> bool:
    """Whether it is `count(DISTINCT …)`; rows of one person would count as many."""
    while isinstance(expression, exp.Cast | exp.Paren):
        expression = expression.this
    return isinstance(expression, exp.Count) and isinstance(expression.this, exp.Distinct)
