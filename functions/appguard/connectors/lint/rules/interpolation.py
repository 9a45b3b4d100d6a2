"""A parameter is a value and never text of the statement: no name, no order, no limit, no piece of a text."""

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from appguard.connectors.kinds.sql import PLACEHOLDER
from appguard.connectors.lint.model import Examined, Fault, SqlOperation

_TEXTS = frozenset(kind for kind in TokenType if "STRING" in kind.name) | {TokenType.IDENTIFIER}
_PLACES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Order, "decides the order"),
    (exp.Group, "decides the groups"),
    (exp.Limit, "decides how many rows there are"),
    (exp.Fetch, "decides how many rows there are"),
    (exp.Offset, "decides where the rows begin"),
    (exp.DPipe, "is glued to a text"),
    (exp.Concat, "is glued to a text"),
    (exp.ConcatWs, "is glued to a text"),
    (exp.Table, "names a relation"),
)


def check(operation: Examined[SqlOperation]) -> Iterator[Fault]:
    """Placeholders inside quotes, and those where a value cannot stand or should not decide."""
    for token in operation.statement.tokens:
        if token.token_type in _TEXTS and (found := PLACEHOLDER.search(token.text)):
            yield operation.fault(
                "sql-interpolated", f"the parameter {found[1]} stands inside quotes", token.line
            )
    for placeholder in operation.statement.tree.find_all(exp.Placeholder):
        if what := _decides(placeholder):
            yield operation.fault("sql-interpolated", f"the parameter {placeholder.name} {what}", placeholder)


def _decides(placeholder: exp.Expr) -> str:
    """What a placeholder does besides being a value, '' if nothing."""
    if placeholder.arg_key == "alias":
        return "names a column"
    return next((what for kind, what in _PLACES if _within(placeholder, kind)), "")


def _within(node: exp.Expr, kind: type[exp.Expr]) -> bool:
    """Whether a node stands in a clause of that kind, of the query it itself belongs to."""
    return isinstance(node.find_ancestor(kind, exp.Subquery, exp.Query), kind)
