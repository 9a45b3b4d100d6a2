"""What rules look at, and what they find."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlglot import exp

from appguard.apps.yaml_source import Document, Key
from appguard.connectors.kinds.athena import AthenaQuery
from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.lint.statement import Statement, line_of
from appguard.connectors.model import Connector, Query

SqlQuery = PostgresQuery | AthenaQuery
SqlOperation = SqlQuery | PostgresCommand
Declared_co = TypeVar("Declared_co", bound=SqlOperation, covariant=True)


@dataclass(frozen=True)
class Fault:
    """What a rule minds: its id, what is wrong here in plain words, and on which line of the file."""

    rule: str
    message: str
    line: int


@dataclass(frozen=True)
class Examined(Generic[Declared_co]):
    """One query or command of a file: what is declared of it, and its SQL, read."""

    connector: Connector
    name: str
    declared: Declared_co
    statement: Statement
    document: Document

    def fault(self, rule: str, message: str, at: exp.Expr | int | None = None) -> Fault:
        """A fault at a node or line of the SQL, else at the SQL itself."""
        line = line_of(at) if isinstance(at, exp.Expr) else at or 1
        return Fault(rule, f"{self.name}: {message}", self._line_of_sql(line))

    def fault_in(self, rule: str, message: str, *steps: Key) -> Fault:
        """A fault at something declared, such as `("columns", 2)`."""
        return Fault(rule, f"{self.name}: {message}", self.document.mark((*self._path, *steps))[0])

    @property
    def _path(self) -> tuple[Key, ...]:
        section = "queries" if isinstance(self.declared, Query) else "commands"
        return (section, self.name)

    def _line_of_sql(self, line: int) -> int:
        """A block of SQL starts below its key; folded and quoted SQL has no lines of its own."""
        key = self.document.mark((*self._path, "sql"))[0]
        written = self.document.text.splitlines()[key - 1]
        return key + line if written.partition("sql:")[2].strip().startswith("|") else key
