"""A connector file as the rules need it: what is declared, where it stands, and what cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from appguard.apps.manifest_problems import explain
from appguard.apps.yaml_source import Document, ManifestError, Problem, load
from appguard.connectors.lint.model import Fault, Operation
from appguard.connectors.lint.statement import Statement, Unreadable, read
from appguard.connectors.model import Command, Connector, Query

SECTIONS = ("queries", "commands")
Declared = TypeVar("Declared", Query, Command)


@dataclass(frozen=True)
class ConnectorFile:
    """One file. A query or command that cannot be read is left out and told among the faults."""

    path: Path
    document: Document
    connector: Connector | None
    queries: tuple[Operation[Query], ...] = ()
    commands: tuple[Operation[Command], ...] = ()
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
    if connector.kind != "postgresql":
        return ConnectorFile(path, document, connector, faults=tuple(faults))
    queries = _operations(connector, connector.queries, document, faults)
    commands = _operations(connector, connector.commands, document, faults)
    return ConnectorFile(path, document, connector, queries, commands, tuple(faults))


def _connector(document: Document) -> tuple[Connector | None, list[Fault]]:
    """The connector without what is wrong in it, so that one mistake does not hide those beside it."""
    try:
        return Connector.model_validate(document.value), []
    except ValidationError as error:
        faults = [_invalid(each) for each in explain(error, document, Connector.model_json_schema())]
        wrong = {each["loc"][:2] for each in error.errors(include_url=False, include_context=False)}
    try:
        return Connector.model_validate(_without(document.value, wrong)), faults
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
    connector: Connector, declared: Mapping[str, Declared], document: Document, faults: list[Fault]
) -> tuple[Operation[Declared], ...]:
    found = []
    for name, each in declared.items():
        operation = Operation(connector, name, each, Statement(each.sql), document)
        try:
            found.append(replace(operation, statement=read(each.sql)))
        except Unreadable as error:
            faults.append(operation.fault("sql-unreadable", f"the SQL cannot be used: {error}", error.line))
    return tuple(found)


def _invalid(problem: Problem) -> Fault:
    where = f"{problem.path}: " if problem.path else ""
    return Fault("connector-invalid", f"{where}{problem.message} {problem.suggestion}".strip(), problem.line)
