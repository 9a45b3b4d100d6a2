"""The rules over files, and which of them look at what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.model import Examined, Fault
from appguard.connectors.lint.rules import (
    classes,
    commands,
    doubts,
    functions,
    groups,
    interpolation,
    masks,
    names,
    owner,
    reads,
    relations,
    renaming,
    retired,
    rows,
    types,
)

OF_BOTH: tuple[Callable[[Examined[PostgresQuery | PostgresCommand]], Iterable[Fault]], ...] = (
    interpolation.check,
    functions.check,
    types.check,
)
OF_QUERIES: tuple[Callable[[Examined[PostgresQuery]], Iterable[Fault]], ...] = (
    reads.check,
    relations.check,
    names.check,
    renaming.check,
    rows.check,
    masks.check,
)
OF_CONNECTORS: tuple[Callable[[Sequence[Examined[PostgresQuery]]], Iterable[Fault]], ...] = (
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
    operations: tuple[Examined[PostgresQuery | PostgresCommand], ...] = (*file.queries, *file.commands)
    for operation in operations:
        for of_both in OF_BOTH:
            yield from of_both(operation)
    for query in file.queries:
        for of_query in OF_QUERIES:
            yield from of_query(query)
    for command in file.commands:
        yield from commands.check(command)
    for of_connector in OF_CONNECTORS:
        yield from of_connector(file.queries)
