"""A column keeps its name on its way out: the class is declared for a name, and read by it."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import outputs


def check(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Columns under another name, at any depth, but for those that do not leave the broker."""
    tree = query.statement.tree
    dropped = {*query.declared.result_columns} - {column.name for column in query.declared.columns}
    for select in tree.find_all(exp.Select):
        for output in outputs(select):
            may_repeat = select is tree and output.name in dropped
            if (column := output.plain) and output.name != column.name and not may_repeat:
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
