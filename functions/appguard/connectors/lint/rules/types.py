"""The type of a parameter is said where the statement alone does not tell it."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.lint.model import Examined, Fault

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, exp.Like, exp.ILike)


def check(operation: Examined[PostgresQuery | PostgresCommand]) -> Iterator[Fault]:
    """Placeholders that are neither cast nor compared with something of a type of its own."""
    untyped = {
        placeholder.name: placeholder
        for placeholder in operation.statement.tree.find_all(exp.Placeholder)
        if not isinstance(placeholder.parent, exp.Cast) and not _compared(placeholder)
    }
    for name, placeholder in untyped.items():
        yield operation.fault(
            "parameter-untyped", f"the type of the parameter {name} cannot be told", placeholder
        )


def _compared(placeholder: exp.Expr) -> bool:
    """Whether it stands beside a column or a cast, from which the server takes its type."""
    comparison = placeholder.parent
    if not isinstance(comparison, _COMPARISONS):
        return False
    return isinstance(comparison.this, exp.Column | exp.Cast) or isinstance(
        comparison.expression, exp.Column | exp.Cast
    )
