"""A connector file as the rules need it: what is declared, where it stands, and what cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlglot.dialects import Dialect

from appguard.apps.manifest_problems import explain
from appguard.apps.yaml_source import Document, ManifestError, Problem, load
from appguard.connectors.kinds import connector_of, json_schema
from appguard.connectors.kinds.athena import AthenaConnector, AthenaQuery
from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresConnector, PostgresQuery
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.statement import ATHENA, POSTGRESQL, Statement, Unreadable, read
from appguard.connectors.model import Connector

SECTIONS = ("queries", "commands")
Declared = TypeVar("Declared", PostgresQuery, PostgresCommand, AthenaQuery)


@dataclass(frozen=True)
class ConnectorFile:
    """One file. A query or command that cannot be read is left out and told among the faults.

    `queries` and `commands` are PostgreSQL's, `of_athena` are the queries of a file of that kind.
    """

    path: Path
    document: Document
    connector: Connector | None
    queries: tuple[Examined[PostgresQuery], ...] = ()
    commands: tuple[Examined[PostgresCommand], ...] = ()
    of_athena: tuple[Examined[AthenaQuery], ...] = ()
    faults: tuple[Fault, ...] = ()


def read_file(path: Path) -> ConnectorFile:
    """Read a file as far as it can be; only a file that is not there raises (`OSError`)."""
    try:
        document = load(path.read_bytes())
    except ManifestError as error:
        return ConnectorFile(path, Document(), None, faults=tuple(map(_invalid, error.problems)))
    connector, faults = _connector(document)
    if connector is None:
        return ConnectorFile(path, document, None, faults=tuple(faults))
    if connector.name != path.stem:
        message = f"The file {path.name} describes the connector {connector.name}; names must agree"
        faults.append(Fault("connector-invalid", message, document.mark(("name",))[0]))
    if isinstance(connector, AthenaConnector):
        of_athena = _operations(connector, connector.queries, document, faults, ATHENA)
        return ConnectorFile(path, document, connector, of_athena=of_athena, faults=tuple(faults))
    if not isinstance(connector, PostgresConnector):
        return ConnectorFile(path, document, connector, faults=tuple(faults))
    queries = _operations(connector, connector.queries, document, faults, POSTGRESQL)
    commands = _operations(connector, connector.commands, document, faults, POSTGRESQL)
    return ConnectorFile(path, document, connector, queries, commands, faults=tuple(faults))


def _connector(document: Document) -> tuple[Connector | None, list[Fault]]:
    """The connector without what is wrong in it, so that one mistake does not hide those beside it."""
    try:
        return connector_of(document.value), []
    except ValidationError as error:
        faults = [_invalid(each) for each in explain(error, document, json_schema())]
        # A location begins with the kind: ("postgresql", "queries", "my_bookings", …).
        wrong = {each["loc"][1:3] for each in error.errors(include_url=False, include_context=False)}
    try:
        return connector_of(_without(document.value, wrong)), faults
    except ValidationError:
        return None, faults


def _without(value: Any, wrong: set[tuple[int | str, ...]]) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        key: {name: each for name, each in part.items() if (key, name) not in wrong}
        if key in SECTIONS and isinstance(part, dict)
        else part
        for key, part in value.items()
    }


def _operations(
    connector: Connector,
    declared: Mapping[str, Declared],
    document: Document,
    faults: list[Fault],
    dialect: Dialect,
) -> tuple[Examined[Declared], ...]:
    found = []
    for name, each in declared.items():
        operation = Examined(connector, name, each, Statement(each.sql), document)
        try:
            found.append(replace(operation, statement=read(each.sql, dialect)))
        except Unreadable as error:
            faults.append(operation.fault("sql-unreadable", f"the SQL cannot be used: {error}", error.line))
    return tuple(found)


def _invalid(problem: Problem) -> Fault:
    where = f"{problem.path}: " if problem.path else ""
    return Fault("connector-invalid", f"{where}{problem.message} {problem.suggestion}".strip(), problem.line)
