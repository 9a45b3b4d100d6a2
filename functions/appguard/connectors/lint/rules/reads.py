"""A query reads and does nothing else."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery

_WRITES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Insert, "inserts rows"),
    (exp.Update, "updates rows"),
    (exp.Delete, "deletes rows"),
    (exp.Merge, "merges rows"),
    (exp.Into, "makes a table (SELECT INTO)"),
    (exp.Lock, "locks rows (FOR UPDATE and the like)"),
    (exp.Command, "gives an order to the server"),
)


def check(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Writes, new tables and locks, wherever in the statement they hide."""
    for kind, what in _WRITES:
        for node in query.statement.tree.find_all(kind):
            yield query.fault("sql-writes", f"the query {what}", node)
