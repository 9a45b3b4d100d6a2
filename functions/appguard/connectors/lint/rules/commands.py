"""A command selects one function of the source, and nothing else."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.kinds.postgresql import PostgresCommand
from appguard.connectors.lint.model import Examined, Fault


def check(command: Examined[PostgresCommand]) -> Iterator[Fault]:
    """Whatever is not `SELECT schema.function(…)`."""
    if not _is_one_function(command.statement.tree):
        yield command.fault("command-not-a-function", "the command is not a single SELECT schema.function(…)")


def _is_one_function(tree: exp.Query) -> bool:
    clauses = {name for name, value in tree.args.items() if value}
    if clauses != {"expressions"} or len(tree.expressions) != 1:
        return False
    call = tree.expressions[0].unalias()
    return (
        isinstance(call, exp.Dot)
        and isinstance(call.this, exp.Identifier)
        and isinstance(call.expression, exp.Anonymous)
        and not call.expression.find(exp.Query, exp.Column, exp.Star, exp.Dot)
    )
