"""A column has one class, wherever it is shown."""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from appguard.connectors.lint.model import Examined, Fault, SqlQuery
from appguard.connectors.lint.outputs import Origin, origins, outputs
from appguard.connectors.lint.statement import Statement
from appguard.kernel.levels import DataClass


def check(queries: Sequence[Examined[SqlQuery]]) -> Iterator[Fault]:
    """Classes below those of what a column is made of."""
    known = known_classes(queries)
    for query in queries:
        made_of = {output.name: output.expression for output in outputs(query.statement.tree)}
        for index, column in enumerate(query.declared.columns):
            highest = _highest(made_of.get(column.name), query.statement, known)
            if highest > column.class_:
                message = f"{column.name} is {column.class_}, but shown as {highest} by another query"
                yield query.fault_in("class-contradicted", message, "columns", index)


def known_classes(queries: Sequence[Examined[SqlQuery]]) -> Mapping[Origin, DataClass]:
    """The highest class that any query declares for a relation's column it shows as it is."""
    known: dict[Origin, DataClass] = {}
    for query in queries:
        classes = {column.name: column.class_ for column in query.declared.columns}
        for output in outputs(query.statement.tree):
            if output.plain and output.name in classes:
                for origin in origins(output.plain, query.statement):
                    known[origin] = max(known.get(origin, DataClass.PUBLIC), classes[output.name])
    return known


def _highest(made_of: exp.Expr | None, statement: Statement, known: Mapping[Origin, DataClass]) -> DataClass:
    columns = made_of.find_all(exp.Column) if made_of else ()
    return max(
        (known.get(origin, DataClass.PUBLIC) for column in columns for origin in origins(column, statement)),
        default=DataClass.PUBLIC,
    )
