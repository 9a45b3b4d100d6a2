"""Whom an access is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from appguard.connectors.errors import SourceFailed
from appguard.connectors.model import Command, Query
from appguard.connectors.parameters import Bound
from appguard.kernel.levels import DataClass
from appguard.privacy.subject import NoSubject, Subject, subject_of


def subjects_in(query: Query, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> tuple[Subject, ...]:
    """The persons of a query's rows, each once.

    A row that does not say whom it is about is a fault of the source: shown, it would be an access
    that nobody could be told of.
    """
    indexes = [names.index(column) for column in query.subject_columns]
    if indexes and any(all(row[index] is None for index in indexes) for row in rows):
        raise SourceFailed("a row does not say whom it is about; nothing is shown")
    named = [row[index] for index in indexes for row in rows if row[index] is not None]
    try:
        return tuple(dict.fromkeys(subject_of(value) for value in dict.fromkeys(named)))
    except (NoSubject, TypeError):
        raise SourceFailed("a row names whom it is about in a way that names nobody") from None


def subjects_of(command: Command, bound: Mapping[str, Bound], user: str) -> tuple[Subject, ...]:
    """The persons a command's parameters name; else the user, if what is written is personal."""
    if command.subjects:
        return tuple(dict.fromkeys(subject_of(bound[name]) for name in command.subjects))
    return (subject_of(user),) if command.highest >= DataClass.PERSONAL else ()
