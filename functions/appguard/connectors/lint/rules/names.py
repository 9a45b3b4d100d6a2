"""The columns of the answer are those declared, by name and in their order."""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import outputs


def check(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Stars, columns nobody declared, declared ones that do not come, and another order."""
    if stars := list(_stars(query)):
        yield from stars
        return
    found = [output.name for output in outputs(query.statement.tree)]
    declared = list(query.declared.result_columns)
    for output in outputs(query.statement.tree):
        if output.name not in declared:
            what = f"it selects {output.name}" if output.name else "it selects an expression without a name"
            yield query.fault("column-undeclared", f"{what}, which has no declared class", output.expression)
    for index, name in enumerate(declared):
        if name not in found:
            yield query.fault_in("column-missing", f"{name} is declared, but not selected", "columns", index)
    if found != declared and sorted(found) == sorted(declared):
        yield query.fault_in(
            "column-order",
            f"it selects {', '.join(found)}; declared are {', '.join(declared)}",
            "columns",
        )


def _stars(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """`*`, `x.*` and whole rows: whatever the view gains tomorrow would come along."""
    tree = query.statement.tree
    declared = {column.name for column in query.declared.columns}
    rows = {each.alias for each in tree.find_all(exp.Table, exp.Subquery, exp.CTE)} - {""}
    rows |= {table.name for table in tree.find_all(exp.Table)} - declared
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield query.fault("sql-star", "it selects * instead of naming columns", star)
    for column in tree.find_all(exp.Column):
        if not column.table and column.name in rows:
            yield query.fault("sql-star", f"it takes whole rows of {column.name}", column)
