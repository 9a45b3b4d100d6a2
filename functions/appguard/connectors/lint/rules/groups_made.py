"""Where rows are handed out as they lie, a smallest group cannot stand in for the user's own rows.

A count that a row carries about itself says nothing of what else is in the row. Of PostgreSQL, whose views
may make the groups, `database.groups` asks the same.
"""

from collections.abc import Iterator

from sqlglot import exp

from appguard.apps.yaml_source import Document
from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.model import Connector, Query
from appguard.kernel.levels import DataClass

RULE = "group-not-made"
COMPLAINT = "its personal columns need user_in: min_group makes no groups, and rows here are single ones"


def of_rows(connector: Connector, document: Document) -> Iterator[Fault]:
    """Queries of kinds that cannot aggregate."""
    if isinstance(connector, PostgresConnector | AthenaConnector):
        return
    for name, query in connector.queries.items():
        if relies_on_groups(query):
            line = document.mark(("queries", name, "min_group"))[0]
            yield Fault(RULE, f"{name}: {COMPLAINT}", line)


def of_statement(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Statements that could aggregate and do not."""
    if relies_on_groups(query.declared) and not makes_groups(query.statement.tree):
        yield query.fault_in(RULE, COMPLAINT, "min_group")


def relies_on_groups(query: Query) -> bool:
    """Whether nothing but `min_group` keeps personal columns from whoever asks."""
    return bool(query.min_group and not query.user_in and query.highest >= DataClass.PERSONAL)


def makes_groups(tree: exp.Expr) -> bool:
    """Whether there is an aggregate in it, or a GROUP BY."""
    return tree.find(exp.AggFunc, exp.Group) is not None
