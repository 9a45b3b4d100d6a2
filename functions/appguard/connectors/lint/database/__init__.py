"""What connector files promise, proved against the database behind them. No row is ever read."""

from collections.abc import Iterator

from appguard.connectors.lint.database import answers, groups, login, rows, timeout
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.model import Fault


def prove(file: ConnectorFile, session: Session) -> Iterator[Fault]:
    """What the database denies of one file, and what its login may that it should not."""
    line = file.document.mark(("kind",))[0]
    yield from login.check(session, file.queries, line)
    yield from timeout.check(session, line)
    for query in file.queries:
        yield from answers.of_query(query, session)
        yield from rows.check(query, session)
        yield from groups.check(query, session)
    for command in file.commands:
        yield from answers.of_command(command, session)
