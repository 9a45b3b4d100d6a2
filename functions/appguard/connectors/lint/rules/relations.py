"""A query names where its rows come from: relations of a schema the source offers, never the catalogue."""

from collections.abc import Iterator

from appguard.connectors.lint.model import Fault, Operation
from appguard.connectors.lint.statement import is_system
from appguard.connectors.model import Query


def check(query: Operation[Query]) -> Iterator[Fault]:
    """Relations without a schema (the search path is empty) and the system's own."""
    for table in query.statement.relations:
        if not table.db:
            yield query.fault("sql-schema-missing", f"{table.name} is read without its schema", table)
        elif is_system(table.db):
            yield query.fault("sql-system-catalog", f"it reads {table.db}.{table.name}", table)
