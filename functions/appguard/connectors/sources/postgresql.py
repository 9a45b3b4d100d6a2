"""PostgreSQL as a source: one transaction per access, bound values only, identity for that transaction.

psycopg's extended protocol sends statement and values apart; preparing every statement keeps
even those without values out of the simple protocol, which would run stacked statements.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from appguard.connectors.connecting import connect
from appguard.connectors.errors import RefusedBySource, SourceFailed, SourceTimeout
from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.login import Login
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.sources.pool import Pool
from appguard.kernel.errors import AppGuardError, Invalid, Unavailable

if TYPE_CHECKING:
    from psycopg import Connection, Error

_IDENTITY = """SELECT set_config('appguard.user_email', %s, true), set_config('appguard.app_id', %s, true),
                      set_config('statement_timeout', %s, true)"""


class PostgresSource:
    """A database to which each app has a login. Connections are kept and replaced when broken."""

    def __init__(self, login: Callable[[str, bool], Login], key: Callable[[], bytes]) -> None:
        """`login(app, fresh)` is the app's; `fresh` asks past any cache, after a refusal."""
        self._login, self._key = login, key
        self._idle = Pool()

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""
        return self._key()

    def read(self, query: PostgresQuery, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The answer to a declared query, which the server cuts off after one row more than the limit.

        The pipeline sends the query with its commit: two round trips for the whole access.
        """
        limited = f"SELECT * FROM (\n{query.sql}\n) AS answer LIMIT %(appguard_limit)s"  # noqa: S608 - declared
        values = {**bound, "appguard_limit": limits.rows + 1}
        with self._session(who, limits.timeout_ms, {}, read_only=True) as connection:
            cursor = connection.cursor()
            with connection.pipeline():
                cursor.execute(limited, values, prepare=True)
                connection.commit()
            return Result(tuple(column.name for column in cursor.description or ()), cursor.fetchall())

    @contextmanager
    def write(
        self, command: PostgresCommand, bound: Mapping[str, Bound], who: Identity, limits: Limits
    ) -> Iterator[int]:
        """One transaction: committed at the end, rolled back on any exception."""
        with self._session(who, limits.timeout_ms, command.refusals, read_only=False) as connection:
            answer = connection.cursor().execute(command.sql, bound, prepare=True).fetchone()
            if answer is None or len(answer) != 1 or type(answer[0]) is not int:
                raise SourceFailed("the command did not say how many rows it changed")
            yield answer[0]
            connection.commit()

    def close(self) -> None:
        """Close what is idle."""
        self._idle.close()

    @contextmanager
    def _session(
        self, who: Identity, timeout_ms: int, refusals: Mapping[str, str], *, read_only: bool
    ) -> "Iterator[Connection[tuple[Any, ...]]]":
        """A connection within a transaction as `who`; the database's errors leave as the broker's own."""
        import psycopg  # noqa: PLC0415 - half of the broker's import time

        connection = self._begun(who, timeout_ms, read_only=read_only)
        try:
            yield connection
        except psycopg.Error as error:
            raise _translated(error, refusals) from error
        finally:
            self._put_back(who, connection)

    def _begun(self, who: Identity, timeout_ms: int, *, read_only: bool) -> "Connection[tuple[Any, ...]]":
        """A connection in a transaction that knows the user.

        Kept ones may have died: nothing was asked of them yet, so a fresh one takes over unnoticed.
        """
        import psycopg  # noqa: PLC0415

        values = (who.email, who.app_id, str(timeout_ms))
        while True:
            kept = self._idle.take(who.app_id)
            connection = kept or self._open(who)
            try:
                connection.read_only = read_only
                with connection.pipeline():  # with BEGIN in one round trip
                    connection.execute(_IDENTITY, values, prepare=True)
            except psycopg.Error as error:
                connection.close()
                if not kept:
                    raise _translated(error, {}) from error
            else:
                return connection

    def _open(self, who: Identity) -> "Connection[tuple[Any, ...]]":
        """A new connection of the app's; a refused one is tried again with a freshly read login."""
        import psycopg  # noqa: PLC0415

        try:
            return connect(self._login(who.app_id, False))
        except psycopg.OperationalError:
            try:
                return connect(self._login(who.app_id, True))
            except psycopg.OperationalError:
                raise Unavailable("the source does not answer") from None

    def _put_back(self, who: Identity, connection: "Connection[tuple[Any, ...]]") -> None:
        """Keep a connection that is fit for another transaction."""
        import psycopg  # noqa: PLC0415

        try:
            connection.rollback()  # a no-op after a commit
        except psycopg.Error:
            connection.close()
        if not connection.closed:
            self._idle.put(who.app_id, connection)


def _translated(error: "Error", refusals: Mapping[str, str]) -> AppGuardError:
    """The broker's error for the database's; its message and detail may hold data and are dropped."""
    state = error.sqlstate or ""
    if state in refusals:
        return RefusedBySource(refusals[state])
    if state == "57014":
        return SourceTimeout("the source took too long")
    if state.startswith("22"):
        return Invalid("the source cannot take one of the parameters")
    if not state or state.startswith(("08", "57", "53")):
        return Unavailable("the source does not answer")
    return SourceFailed("the source refused the statement")
