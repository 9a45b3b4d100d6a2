"""A query names where its rows come from: relations of a schema the source offers, never the catalogue."""

from collections.abc import Iterator

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.statement import is_system


def check(query: Examined[PostgresQuery]) -> Iterator[Fault]:
    """Relations without a schema (the search path is empty) and the system's own."""
    for table in query.statement.relations:
        if not table.db:
            yield query.fault("sql-schema-missing", f"{table.name} is read without its schema", table)
        elif is_system(table.db):
            yield query.fault("sql-system-catalog", f"it reads {table.db}.{table.name}", table)
