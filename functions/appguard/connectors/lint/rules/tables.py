"""A query of Athena reads the tables its file names: the broker's role can read no other."""

from collections.abc import Iterator

from appguard.connectors.kinds.athena import AthenaConnector, AthenaQuery
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.statement import is_system


def check(query: Examined[AthenaQuery], connector: AthenaConnector) -> Iterator[Fault]:
    """Tables that are not declared, of other databases, and the catalogue's own."""
    for table in query.statement.relations:
        elsewhere = table.catalog or table.db not in {"", connector.database}
        if is_system(table.db):
            yield query.fault("sql-system-catalog", f"it reads {table.db}.{table.name}", table)
        elif elsewhere or table.name not in connector.tables:
            yield query.fault(
                "table-undeclared", f"it reads {table.sql()}, which tables does not name", table
            )
