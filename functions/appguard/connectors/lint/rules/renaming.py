"""A column keeps its name on its way out: the class is declared for a name, and read by it."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Fault, Operation
from appguard.connectors.lint.outputs import outputs
from appguard.connectors.model import Query


def check(query: Operation[Query]) -> Iterator[Fault]:
    """Columns under another name, at any depth; `user_in` may repeat one, as it does not leave the broker."""
    tree = query.statement.tree
    for select in tree.find_all(exp.Select):
        for output in outputs(select):
            dropped = select is tree and output.name in query.declared.user_in
            if (column := output.plain) and output.name != column.name and not dropped:
                yield query.fault(
                    "column-renamed", f"it selects {column.name} under the name {output.name}", column
                )
    for alias in tree.find_all(exp.TableAlias):
        if alias.columns:
            yield query.fault("column-renamed", f"{alias.name}(…) gives columns other names", alias)
    for union in tree.find_all(exp.SetOperation):
        if _names(union.left) != _names(union.right):
            yield query.fault("column-renamed", "the parts of a UNION select different columns", union.right)


def _names(part: exp.Expr) -> list[str]:
    tree = part.unnest()
    return [output.name for output in outputs(tree)] if isinstance(tree, exp.Query) else []
