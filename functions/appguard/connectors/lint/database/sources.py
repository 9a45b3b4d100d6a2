"""From which tables the personal columns of a query come, through all views between."""

from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

from appguard.connectors.lint.database.reads import Read
from appguard.connectors.lint.model import Operation
from appguard.connectors.lint.outputs import relation
from appguard.connectors.lint.statement import Unreadable
from appguard.connectors.model import Query
from appguard.kernel.levels import DataClass


def personal_tables(query: Operation[Query], reads: Sequence[Read]) -> frozenset[str]:
    """The tables behind columns of a personal class and behind `user_in`.

    A lookup table that only lends a name to an internal column is none of them. Where the way of a
    column cannot be followed, all tables count.
    """
    declared = query.declared
    personal = {column.name for column in declared.columns if column.class_ >= DataClass.PERSONAL}
    try:
        return frozenset(_tables_behind(query, reads, personal | set(declared.user_in)))
    except (SqlglotError, Unreadable, RecursionError, ValueError):
        return frozenset(each.relation for each in reads if not each.is_view)


def _tables_behind(query: Operation[Query], reads: Sequence[Read], wanted: set[str]) -> Iterator[str]:
    views = {each.relation: each.definition_read for each in reads if each.is_view}
    columns: dict[str, dict[str, dict[str, str]]] = {}
    for each in reads:
        schema, _, name = each.relation.partition(".")
        columns.setdefault(schema, {})[name] = dict.fromkeys(each.columns, "text")
    for name in wanted:
        way = lineage(name, query.statement.tree, schema=columns, sources=views, dialect="postgres")
        found = [step.expression for step in way.walk() if isinstance(step.expression, exp.Table)]
        if not found:
            raise ValueError(f"{name} comes from no table")
        yield from map(relation, found)
