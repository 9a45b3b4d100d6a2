"""A masked column is shown and used for nothing else: order, filters and groups tell what a mask hides."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import Output, outputs


def check(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Every use of a masked column besides the one place that shows it."""
    tree = query.statement.tree
    masked = {column.name for column in query.declared.columns if column.mask}
    answered = outputs(tree)
    for index, output in enumerate(answered, start=1):
        if output.name in masked:
            for node in (*_uses(tree, output), *_by_number(tree, index)):
                yield query.fault(
                    "mask-undermined",
                    f"{output.name} is masked, but used a second time",
                    node,
                )
    if masked and any(join.method == "NATURAL" for join in tree.find_all(exp.Join)):
        yield query.fault("mask-undermined", "a NATURAL JOIN compares columns nobody names")


def _uses(tree: exp.Query, shown: Output) -> Iterator[exp.Expr]:
    """Columns and USING of the names that the shown expression is made of, elsewhere."""
    names = {column.name for column in shown.expression.find_all(exp.Column)} | {shown.name}
    allowed = {id(column) for column in shown.expression.find_all(exp.Column)}
    for column in tree.find_all(exp.Column):
        if column.name in names and id(column) not in allowed and not _passed_on(column, tree):
            yield column
    for join in tree.find_all(exp.Join):
        yield from (name for name in join.args.get("using") or () if name.name in names)


def _passed_on(column: exp.Column, tree: exp.Query) -> bool:
    """Whether an inner SELECT merely hands the column to the outer one."""
    return (
        isinstance(column.parent, exp.Select)
        and column.parent is not tree
        and column.arg_key == "expressions"
    )


def _by_number(tree: exp.Query, index: int) -> Iterator[exp.Expr]:
    """`ORDER BY 2` and `GROUP BY 2` of the outermost SELECT."""
    order, group = tree.args.get("order"), tree.args.get("group")
    used = [*(each.this for each in (order.expressions if order else ()))]
    used += group.expressions if group else []
    yield from (each for each in used if isinstance(each, exp.Literal) and each.name == str(index))
