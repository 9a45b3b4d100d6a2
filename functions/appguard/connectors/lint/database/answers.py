"""The database answers each statement with the columns the file declares."""

from collections.abc import Iterator

from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.lint.database.session import Answered, Refused, Session
from appguard.connectors.lint.model import Examined, Fault

_INTEGERS = frozenset({20, 21, 23})
_OIDS = {
    "integer": _INTEGERS,
    "number": _INTEGERS | {700, 701, 1700},
    "date": frozenset({1082}),
    "boolean": frozenset({16}),
    "text": frozenset({2950}),
}
"""Types of PostgreSQL that leave the broker as the declared one; an uuid becomes its text."""
_TEXTUAL = frozenset("SE")


def of_query(query: Examined[PostgresQuery], session: Session) -> Iterator[Fault]:
    """A statement the database refuses, other columns than declared, and other types."""
    try:
        answered = session.describe(query.statement.text, query.declared.parameters)
    except Refused as error:
        yield query.fault("source-refuses", f"the database refuses it: {error}")
        return
    names, declared = [column.name for column in answered], list(query.declared.result_columns)
    if names != declared:
        message = f"the database answers with {', '.join(names)}; declared are {', '.join(declared)}"
        yield query.fault("source-columns-differ", message)
        return
    expected = {column.name: column.type for column in query.declared.columns}
    if query.declared.min_group:
        expected[query.declared.min_group.count] = "integer"
    for index, found in enumerate(answered):
        type_ = expected.get(found.name, "text")  # what ties rows to user or app is a text
        if not _is(found, type_):
            message = f"{found.name} should be {type_}, but the database answers with {found.type}"
            yield query.fault_in("source-type-differs", message, "columns", index)


def of_command(command: Examined[PostgresCommand], session: Session) -> Iterator[Fault]:
    """A function that is not there, may not be called, or does not count what it changed."""
    try:
        answered = session.describe(command.statement.text, command.declared.parameters)
    except Refused as error:
        yield command.fault("source-refuses", f"the database refuses it: {error}")
        return
    if [column.oid in _INTEGERS for column in answered] != [True]:
        types = ", ".join(column.type for column in answered)
        yield command.fault(
            "source-command-answer", f"the function returns {types}, not how many rows changed"
        )


def _is(found: Answered, declared: str) -> bool:
    return found.oid in _OIDS[declared] or (declared == "text" and found.category in _TEXTUAL)
