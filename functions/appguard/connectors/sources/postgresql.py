"""PostgreSQL as a source: one transaction per access, bound values only, identity for that transaction.

psycopg's extended protocol sends statement and values apart; preparing every statement keeps
even those without values out of the simple protocol, which would run stacked statements.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from appguard.connectors.connecting import connect
from appguard.connectors.errors import OutcomeUnknown, SourceFailed
from appguard.connectors.kinds.postgresql import PostgresCommand, PostgresQuery
from appguard.connectors.login import Login
from appguard.connectors.parameters import Bound
from appguard.connectors.rules import Limits
from appguard.connectors.source import Identity, Result
from appguard.connectors.sources.pool import MOST, Pool
from appguard.connectors.sources.sqlstates import NO_RIGHT, ConnectionLost, translated
from appguard.kernel.errors import Unavailable

if TYPE_CHECKING:
    from psycopg import Connection

Asked = TypeVar("Asked")

_IDENTITY = """SELECT set_config('appguard.user_email', %s, true), set_config('appguard.app_id', %s, true),
                      set_config('statement_timeout', %s, true)"""
_IDENTITY_OF_A_READER = f"{_IDENTITY}, set_config('transaction_read_only', 'on', true)"


class PostgresSource:
    """A database to which each app has a login. Connections are kept and replaced when broken."""

    def __init__(
        self, login: Callable[[str, bool], Login], key: Callable[[], bytes], most: int = MOST
    ) -> None:
        """`login(app, fresh)` is the app's; `fresh` asks past any cache, after a refusal.

        Of more than `most` accesses at once, the later ones wait for as long as their query may take.
        """
        self._login, self._key = login, key
        self._pool = Pool(most)

    @property
    def key(self) -> bytes:
        """The key of this source's digests and hash masks."""
        return self._key()

    def read(self, query: PostgresQuery, bound: Mapping[str, Bound], who: Identity, limits: Limits) -> Result:
        """The answer to a declared query, which the server cuts off after one row more than the limit."""
        limited = f"SELECT * FROM (\n{query.sql}\n) AS answer LIMIT %(appguard_limit)s"  # noqa: S608 - declared
        values = {**bound, "appguard_limit": limits.rows + 1}

        def answer(connection: "Connection[tuple[Any, ...]]") -> Result:
            """In one round trip: a pipeline is one transaction, and asks nothing once a part has failed."""
            cursor = connection.cursor()
            with self._serving(who, connection, {}), connection.pipeline():
                connection.execute(_IDENTITY_OF_A_READER, _settings(who, limits), prepare=True)
                cursor.execute(limited, values, prepare=True)
            return Result(tuple(column.name for column in cursor.description or ()), cursor.fetchall())

        with self._pool.place(limits.timeout_ms / 1000):
            return self._on_a_connection(who, answer)

    @contextmanager
    def write(
        self, command: PostgresCommand, bound: Mapping[str, Bound], who: Identity, limits: Limits
    ) -> Iterator[int]:
        """One transaction: committed at the end, rolled back on any exception.

        Raises `OutcomeUnknown` when the connection breaks while it is committed.
        """
        with self._pool.place(limits.timeout_ms / 1000):
            connection = self._on_a_connection(who, lambda some: _begun(some, who, limits))
            with self._serving(who, connection, command.refusals):
                answer = connection.execute(command.sql, bound, prepare=True).fetchone()
                if answer is None or len(answer) != 1 or type(answer[0]) is not int:
                    raise SourceFailed("the command did not say how many rows it changed")
                yield answer[0]
                _commit(connection)

    def close(self) -> None:
        """Close what is idle."""
        self._pool.close()

    def _on_a_connection(
        self, who: Identity, work: "Callable[[Connection[tuple[Any, ...]]], Asked]"
    ) -> Asked:
        """What `work` makes of the connection this app used last, or of a new one if that one is dead.

        That may be found only when `work` is under way, hence it is done again, once: it reads, or begins
        a transaction.
        """
        kept = self._pool.take(who.app_id)
        if kept:
            with suppress(ConnectionLost):
                return work(kept)
        return work(self._open(who))

    @contextmanager
    def _serving(
        self, who: Identity, connection: "Connection[tuple[Any, ...]]", refusals: Mapping[str, str]
    ) -> Iterator[None]:
        """Keep the connection if it is fit for more; the database's errors leave as the broker's own."""
        import psycopg  # noqa: PLC0415 - half of the broker's import time

        try:
            yield
        except psycopg.Error as error:
            told = translated(error, refusals)
            if isinstance(told, ConnectionLost) or error.sqlstate == NO_RIGHT:
                connection.close()  # without the right its role may be gone: the next access signs in afresh
            else:
                _cleaned(connection)
            raise told from error
        finally:
            self._put_back(who, connection)

    def _open(self, who: Identity) -> "Connection[tuple[Any, ...]]":
        """A new connection of the app's; a refused one is tried again with a freshly read login.

        Transactions begin where they say so.
        """
        import psycopg  # noqa: PLC0415

        try:
            return connect(self._login(who.app_id, False), autocommit=True)
        except psycopg.OperationalError:
            try:
                return connect(self._login(who.app_id, True), autocommit=True)
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
            self._pool.put(who.app_id, connection)


def _begun(
    connection: "Connection[tuple[Any, ...]]", who: Identity, limits: Limits
) -> "Connection[tuple[Any, ...]]":
    """The connection in a transaction that knows the user; closed if that cannot be had."""
    import psycopg  # noqa: PLC0415

    try:
        with connection.pipeline():  # in one round trip
            connection.execute("BEGIN READ WRITE")
            connection.execute(_IDENTITY, _settings(who, limits), prepare=True)
    except psycopg.Error as error:
        connection.close()
        raise translated(error, {}) from error
    return connection


def _cleaned(connection: "Connection[tuple[Any, ...]]") -> None:
    """Make it fit after an error. The server keeps what was prepared and failed, the driver no name of it."""
    import psycopg  # noqa: PLC0415

    with suppress(psycopg.Error):  # a connection that is broken shows when it is put back
        connection.rollback()
        connection.execute("DEALLOCATE ALL")


def _settings(who: Identity, limits: Limits) -> tuple[str, str, str]:
    """What is set for one transaction."""
    return who.email, who.app_id, str(limits.timeout_ms)


def _commit(connection: "Connection[tuple[Any, ...]]") -> None:
    """Commit; a connection that breaks meanwhile may have done so or not."""
    import psycopg  # noqa: PLC0415

    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if not connection.closed:
            raise
        raise OutcomeUnknown("the change was sent and the source did not confirm it") from error
