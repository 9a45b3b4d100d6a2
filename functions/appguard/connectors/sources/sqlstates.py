"""What an error of PostgreSQL means here. Its message and detail may hold data and are dropped."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from appguard.connectors.errors import RefusedBySource, SourceFailed, SourceTimeout
from appguard.kernel.errors import AppGuardError, Invalid, Unavailable

if TYPE_CHECKING:
    from psycopg import Error

NO_RIGHT = "42501"
_ENDED = ("08", "57P")


class ConnectionLost(Unavailable):
    """The session is over: of what was asked in it, nothing uncommitted will ever be."""


def translated(error: "Error", refusals: Mapping[str, str]) -> AppGuardError:
    """The broker's error for the database's; `refusals` are those a command raises on purpose."""
    state = error.sqlstate or ""
    if state in refusals:
        return RefusedBySource(refusals[state])
    if state == "57014":
        return SourceTimeout("the source took too long")
    if state.startswith("22"):
        return Invalid("the source cannot take one of the parameters")
    if _is_over(error):
        return ConnectionLost("the source does not answer")
    if not state or state.startswith(("57", "53")):
        return Unavailable("the source does not answer")
    return SourceFailed("the source refused the statement")


def _is_over(error: "Error") -> bool:
    """Whether the server or the network ended the session."""
    from psycopg import OperationalError  # noqa: PLC0415 - loaded with the first connection

    return isinstance(error, OperationalError) and (not error.sqlstate or error.sqlstate.startswith(_ENDED))
