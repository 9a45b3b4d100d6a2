"""Figures about persons come from groups large enough to hide each of them.

A query whose rows belong to the user needs none: `user_in` stands in every row of it.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from appguard.connectors.lint.model import Fault, Operation
from appguard.connectors.lint.outputs import Origin, origins, relation
from appguard.connectors.lint.rules.classes import known_classes
from appguard.connectors.lint.statement import Statement, tables
from appguard.connectors.model import Query
from appguard.gates.data.words import looks_personal
from appguard.kernel.levels import DataClass

MINIMUM = 5
"""The smallest group of persons a figure may be about."""


def check(queries: Sequence[Operation[Query]]) -> Iterator[Fault]:
    """Aggregates over personal columns without a minimum, and those that pick a single value out."""
    known = known_classes(queries)
    for query in queries:
        if query.declared.user_in:
            continue
        for select in query.statement.tree.find_all(exp.Select):
            if _about_persons(select, query.statement, known) and (complaint := small_groups(select)):
                yield query.fault("group-too-small", complaint, select)


def small_groups(select: exp.Select) -> str:
    """What lets a single person show through a SELECT's aggregates; empty if nothing does."""
    figures = list(_figures(select))
    if not figures and not select.args.get("group"):
        return ""
    if any(isinstance(figure, exp.Min | exp.Max) and figure.find(exp.Column) for figure in figures):
        return "min and max pick out the value of a single person"
    if not any(_enough(condition) for condition in _conditions(select)):
        return f"groups of fewer than {MINIMUM} persons are shown"
    return ""


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
    having = select.args.get("having")
    if having:
        yield from having.this.flatten() if isinstance(having.this, exp.And) else (having.this,)


def _enough(condition: exp.Expr) -> bool:
    """Whether it says `count(DISTINCT …) >= 5` or more."""
    if not isinstance(condition, exp.GTE | exp.GT):
        return False
    counted, least = condition.this, condition.expression
    if not isinstance(counted, exp.Count) or not isinstance(counted.this, exp.Distinct) or not least.is_int:
        return False
    return int(least.name) + isinstance(condition, exp.GT) >= MINIMUM
