"""What ties a row to user or app is a column of the source, not something the statement makes up.

That personal classes need `user_in` at all is said by the model.
"""

from collections.abc import Iterator

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import outputs


def check(query: Examined[SqlQuery]) -> Iterator[Fault]:
    """Constants, parameters and functions in place of a `user_in` or `app_in` column, at any depth."""
    ties = {*query.declared.user_in, *query.declared.app_in}
    for select in query.statement.tree.find_all(exp.Select):
        for output in outputs(select):
            if output.name in ties and output.plain is None:
                yield query.fault(
                    "row-filter-hollow",
                    f"{output.name} is made up by the statement, so every row passes the check",
                    output.expression,
                )
