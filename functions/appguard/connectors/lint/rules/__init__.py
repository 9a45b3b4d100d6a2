"""The rules over files, and which of them look at what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.model import Examined, Fault, SqlOperation, SqlQuery
from appguard.connectors.lint.rules import (
    classes,
    commands,
    doubts,
    functions,
    groups,
    groups_made,
    interpolation,
    masks,
    names,
    owner,
    profiles,
    reads,
    relations,
    renaming,
    retired,
    rows,
    samples,
    tables,
    types,
)

OF_BOTH: tuple[Callable[[Examined[SqlOperation]], Iterable[Fault]], ...] = (
    interpolation.check,
    functions.check,
)
OF_QUERIES: tuple[Callable[[Examined[SqlQuery]], Iterable[Fault]], ...] = (
    reads.check,
    names.check,
    renaming.check,
    rows.check,
    masks.check,
)
OF_CONNECTORS: tuple[Callable[[Sequence[Examined[SqlQuery]]], Iterable[Fault]], ...] = (
    classes.check,
    groups.check,
)


def check(file: ConnectorFile, templates: Path) -> Iterator[Fault]:
    """What every rule says about one file, as far as it could be read."""
    if file.connector is None:
        return
    yield from owner.check(file.connector, file.document)
    yield from doubts.check(file.connector, file.document)
    yield from retired.check(file.connector, file.document, templates)
    yield from profiles.check(file.connector, file.document, file.path)
    yield from samples.check(file.connector, file.document, file.path)
    yield from groups_made.of_rows(file.connector, file.document)
    queries: tuple[Examined[SqlQuery], ...] = (*file.queries, *file.of_athena)
    for operation in (*queries, *file.commands):
        for of_both in OF_BOTH:
            yield from of_both(operation)
    for query in queries:
        for of_query in OF_QUERIES:
            yield from of_query(query)
    for of_connector in OF_CONNECTORS:
        yield from of_connector(queries)
    yield from _of_postgresql(file)
    yield from _of_athena(file)


def _of_postgresql(file: ConnectorFile) -> Iterator[Fault]:
    for query in file.queries:
        yield from types.check(query)
        yield from relations.check(query)
    for command in file.commands:
        yield from types.check(command)
        yield from commands.check(command)


def _of_athena(file: ConnectorFile) -> Iterator[Fault]:
    if isinstance(file.connector, AthenaConnector):
        for query in file.of_athena:
            yield from tables.check(query, file.connector)
            yield from groups_made.of_statement(query)
