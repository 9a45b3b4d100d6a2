"""From which tables the columns of a query come, through all views between."""

from collections.abc import Iterable, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.database.reads import Read
from appguard.connectors.lint.model import Examined
from appguard.connectors.lint.outputs import relation
from appguard.connectors.lint.statement import Unreadable


def tables_behind(
    names: Iterable[str], query: Examined[PostgresQuery], reads: Sequence[Read]
) -> frozenset[str]:
    """The tables that result columns are made of. Where a way cannot be followed, all tables count.

    A lookup table that only lends a name to another column is none of them.
    """
    try:
        return frozenset[str]().union(*(_behind(name, query, reads) for name in names))
    except (SqlglotError, Unreadable, RecursionError, ValueError):
        return frozenset(each.relation for each in reads if not each.is_view)


def _behind(name: str, query: Examined[PostgresQuery], reads: Sequence[Read]) -> set[str]:
    views = {each.relation: each.definition_read for each in reads if each.is_view}
    columns: dict[str, dict[str, dict[str, str]]] = {}
    for each in reads:
        schema, _, table = each.relation.partition(".")
        columns.setdefault(schema, {})[table] = dict.fromkeys(each.columns, "text")
    way = lineage(name, query.statement.tree, schema=columns, sources=views, dialect="postgres")
    found = {relation(step.expression) for step in way.walk() if isinstance(step.expression, exp.Table)}
    if not found:
        raise ValueError(f"{name} comes from no table")
    return found
