"""What a query answers with: its output columns, and where each comes from."""

from dataclasses import dataclass

from sqlglot import exp

from appguard.connectors.lint.statement import Statement

Origin = tuple[str, str]
"""A relation with its schema, and a column of it."""


@dataclass(frozen=True)
class Output:
    """One column of the answer: its name ('' if it has none) and what computes it."""

    name: str
    expression: exp.Expr

    @property
    def plain(self) -> exp.Column | None:
        """The column it is, through parentheses and casts, if it is one."""
        inner = self.expression
        while isinstance(inner, exp.Cast | exp.Paren):
            inner = inner.this
        return inner if isinstance(inner, exp.Column) and not inner.is_star else None


def outputs(tree: exp.Query) -> tuple[Output, ...]:
    """The columns of the answer; those of the first SELECT of a UNION name it."""
    return tuple(Output(each.output_name, each.unalias()) for each in tree.selects)


def origins(column: exp.Column, statement: Statement) -> frozenset[Origin]:
    """The relations' columns that a column may be.

    One whose table cannot be told may come from any relation of the statement: too many are found
    rather than too few.
    """
    select = column.find_ancestor(exp.Select)
    nearby = _own_relations(select, statement) if select else []
    if column.table:
        nearby = [table for table in nearby if table.alias_or_name == column.table]
    found = nearby or statement.relations
    return frozenset((relation(table), column.name) for table in found)


def relation(table: exp.Table) -> str:
    """The name of a relation with its schema."""
    return f"{table.db}.{table.name}"


def _own_relations(select: exp.Select, statement: Statement) -> list[exp.Table]:
    """The relations a SELECT itself reads, if it reads nothing but relations."""
    clauses = [select.args.get("from_"), *select.args.get("joins", [])]
    sources = [clause.this for clause in clauses if clause]
    known = {id(table) for table in statement.relations}
    return sources if all(id(source) in known for source in sources) else []
