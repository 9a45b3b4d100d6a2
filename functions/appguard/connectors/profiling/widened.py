"""A query without the conditions its parameters make: all that a person could ever be answered."""

from sqlglot import exp

from appguard.connectors.kinds.postgresql import PostgresQuery
from appguard.connectors.lint.statement import Unreadable, read

_CONDITIONS = (exp.EQ, exp.GTE, exp.GT, exp.LTE, exp.LT, exp.Is)


def widened(query: PostgresQuery) -> str:
    """Its SQL, where every comparison with a parameter is true; raises `Unreadable`."""
    tree = read(query.sql).tree.copy()
    for placeholder in list(tree.find_all(exp.Placeholder)):
        condition = placeholder.find_ancestor(*_CONDITIONS)
        if condition is None or condition.find_ancestor(exp.Not):
            raise Unreadable(f"{placeholder.sql('postgres')} is more than a value to compare with")
        condition.replace(exp.true())
    return tree.sql("postgres")
