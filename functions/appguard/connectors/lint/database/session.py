"""A look at a source: it reads the catalogue and describes statements, and undoes each transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, LiteralString

from psycopg import Connection, Error
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.sql import Composed

from appguard.connectors.kinds.sql import PLACEHOLDER
from appguard.connectors.parameters import IntegerParameter, Parameter

SMALLINT_MAX = 32767
PATIENCE = "3s"
_OIDS = {"text": 0, "choice": 0, "number": 1700, "date": 1082, "boolean": 16, "uuid": 2950}
"""How psycopg announces each type of parameter; texts are `unknown` and take the type of their place."""


class Refused(Exception):
    """The server will not do it; the message is the server's own and holds no data."""


@dataclass(frozen=True)
class Answered:
    """A column of an answer, as the server describes it without computing it."""

    name: str
    type: str
    oid: int
    category: str
    """PostgreSQL's: S is text, E an enumeration, C a whole row …"""


class Session:
    """One signed-in connection, as the broker opens it, that may only read."""

    def __init__(self, connection: Connection[tuple[Any, ...]]) -> None:
        """Look through `connection`, from now on read-only."""
        connection.read_only = True
        self._connection = connection
        self._names = (f"appguard_lint_{number}" for number in count())

    def ask(
        self, sql: LiteralString | Composed, patience: str = PATIENCE, **values: Any
    ) -> list[tuple[Any, ...]]:
        """The rows of a question to the catalogue; raises `psycopg.Error`."""
        with self._connection.transaction(force_rollback=True):
            self._connection.execute("SELECT set_config('statement_timeout', %s, true)", (patience,))
            return self._connection.execute(sql, values).fetchall()

    def describe(self, sql: str, parameters: Mapping[str, Parameter]) -> list[Answered]:
        """The columns of a statement's answer, if this login may run it; raises `Refused`.

        It is prepared, described and explained, never run: a command changes nothing.
        """
        try:
            with self._connection.transaction(force_rollback=True):
                return self._described(sql, parameters)
        except Error as error:
            raise Refused(error.diag.message_primary or type(error).__name__) from None

    def _described(self, sql: str, parameters: Mapping[str, Parameter]) -> list[Answered]:
        name, server = next(self._names), self._connection.pgconn
        numbers = {each: number for number, each in enumerate(parameters, start=1)}
        numbered = PLACEHOLDER.sub(lambda found: f"${numbers[found[1]]}", sql)
        prepared = server.prepare(name.encode(), numbered.encode(), [*map(_oid, parameters.values())])
        if prepared.status != ExecStatus.COMMAND_OK:
            said = prepared.error_field(DiagnosticField.MESSAGE_PRIMARY) or b"it refuses the statement"
            raise Refused(said.decode(errors="replace"))
        shape = server.describe_prepared(name.encode())
        given = f"({', '.join('NULL' for _ in parameters)})" if parameters else ""
        self._connection.execute(f"EXPLAIN EXECUTE {name}{given}".encode())  # rights are looked at here
        columns = [((shape.fname(i) or b"").decode(), shape.ftype(i)) for i in range(shape.nfields)]
        types = self._types([oid for _, oid in columns])
        return [Answered(name, types[oid][0], oid, types[oid][1]) for name, oid in columns]

    def _types(self, oids: list[int]) -> Mapping[int, tuple[str, str]]:
        found = self._connection.execute(
            """SELECT oid::int8, pg_catalog.format_type(oid, NULL), typcategory::text
               FROM pg_catalog.pg_type WHERE oid = ANY(%s)""",
            (oids,),
        )
        return {oid: (name, category) for oid, name, category in found}


def _oid(parameter: Parameter) -> int:
    """What the broker announces: psycopg chooses the narrowest integer that holds the value."""
    if isinstance(parameter, IntegerParameter):
        widest = max(abs(parameter.minimum), abs(parameter.maximum))
        return 21 if widest <= SMALLINT_MAX else 23
    return _OIDS[parameter.type]
