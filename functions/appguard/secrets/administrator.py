"""What the administrator of a database does for AppGuard: make the roles apps sign in with, and end them.

The administrator owns no data and is no superuser: `LOGIN CREATEROLE`, and the right to grant the
connector's api role. From PostgreSQL 16 on that lets it touch its own creations and nobody else.
Passwords leave here as SCRAM verifiers: neither the server nor its log ever sees one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from appguard.secrets.errors import RotatedJustNow

if TYPE_CHECKING:
    from psycopg import Connection

_GRANTS_HAVE_OPTIONS = 160000


class Administrator(Protocol):
    """At one connector's database."""

    def give(self, role: str, password: str, until: datetime) -> None:
        """Let `role` sign in with `password` until then; makes it when there is none."""
        ...

    def give_iam(self, role: str) -> None:
        """Let `role` sign in with tokens of RDS, and no password; makes it when there is none."""
        ...

    def end(self, role: str, at: datetime) -> None:
        """The role's password is worth nothing from `at` on; never later than it already was."""
        ...

    def drop(self, role: str) -> None:
        """The role is gone; it is fine if there was none."""
        ...

    def change_own_password(self, password: str) -> None:
        """The administrator itself signs in with `password` from now on."""
        ...


class PostgresAdministrator:
    """Over one connection."""

    def __init__(self, connection: "Connection[tuple[Any, ...]]", api_role: str) -> None:
        """Roles made here become members of `api_role`."""
        self._connection, self._api_role = connection, api_role

    def give(self, role: str, password: str, until: datetime) -> None:
        """One transaction: a role with the new password and the old date could be shut out."""
        with self._connection.transaction():
            self._make(role)
            self._set_password(role, password)
            self._run("ALTER ROLE {role} VALID UNTIL {until}", role=role, until=until)

    def give_iam(self, role: str) -> None:
        """A member of `rds_iam` can no longer sign in with a password."""
        with self._connection.transaction():
            self._make(role)
            self._run("GRANT {api} TO {role}", api="rds_iam", role=role)

    def end(self, role: str, at: datetime) -> None:
        """Only ever earlier: a resumed rotation does not prolong what it ends."""
        found = self._connection.execute("SELECT rolvaliduntil FROM pg_roles WHERE rolname = %s", [role])
        row = found.fetchone()
        if row and (row[0] is None or row[0] > at):
            self._run("ALTER ROLE {role} VALID UNTIL {until}", role=role, until=at)

    def drop(self, role: str) -> None:
        """Sessions that are still open lose their rights with the membership."""
        self._run("DROP ROLE IF EXISTS {role}", role=role)

    def change_own_password(self, password: str) -> None:
        """A role may always change its own."""
        self._set_password(self._connection.info.user, password)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """One rotation of a secret at a time; the lock ends with the connection, whatever happens to us."""
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]
        ).fetchone()
        if row != (True,):
            raise RotatedJustNow(f"{name} is being rotated at this moment")
        try:
            yield
        finally:
            if not self._connection.closed:
                self._connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])

    def _make(self, role: str) -> None:
        """No right of its own, and no way to become the api role: it only inherits what that one may do."""
        if not self._exists(role):
            self._run("CREATE ROLE {role} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE", role=role)
        self._run(f"GRANT {{api}} TO {{role}}{self._options()}", api=self._api_role, role=role)

    def _exists(self, role: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return found.fetchone() is not None

    def _options(self) -> str:
        """Older servers cannot say that a member may use a role's rights and yet not become it."""
        says = self._connection.info.server_version >= _GRANTS_HAVE_OPTIONS
        return " WITH INHERIT TRUE, SET FALSE" if says else ""

    def _set_password(self, role: str, password: str) -> None:
        verifier = self._connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        self._run("ALTER ROLE {role} PASSWORD {verifier}", role=role, verifier=verifier.decode())

    def _run(self, statement: str, **words: str | datetime) -> None:
        """Roles and grants take no bound values: names and literals are quoted by psycopg."""
        from psycopg import sql  # noqa: PLC0415 - half of the function's import time

        quoted = {
            name: sql.Identifier(str(word)) if name in ("role", "api") else sql.Literal(str(word))
            for name, word in words.items()
        }
        self._connection.execute(sql.SQL(statement).format(**quoted))
