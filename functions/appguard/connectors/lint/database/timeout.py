"""The time limit of an access is obeyed by whatever stands between the broker and the tables."""

from collections.abc import Iterator

from psycopg import Error
from psycopg.errors import QueryCanceled

from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.model import Fault


def check(session: Session, line: int) -> Iterator[Fault]:
    """A wait of a second under a limit of 50 ms that is not cut off."""
    try:
        session.ask("SELECT pg_catalog.pg_sleep(1)::text", "50ms")
    except QueryCanceled:
        return
    except Error as error:
        yield Fault(
            "source-timeout-ignored", f"A time limit could not be tried: {error.diag.message_primary}", line
        )
        return
    yield Fault("source-timeout-ignored", "The database goes on after statement_timeout", line)
