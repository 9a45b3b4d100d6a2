"""How `appguard connectors lint --database` signs in: never with a password on the command line."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from psycopg import Connection, Error, ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from appguard.cli.connector_proofs import SECRET
from appguard.connectors.connecting import connect
from appguard.connectors.lint.database.session import Session
from appguard.connectors.login import Login
from appguard.connectors.model import Connector
from appguard.kernel.errors import Invalid, Unavailable

WAYS = "Use env:NAME, secret, or a URL like postgresql://desk_broker@host/desk with PGPASSWORD set."
_DEFAULTS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
}


@contextmanager
def session_of(connector: Connector, database: str) -> Iterator[Session]:
    """A look at the database behind a connector, that may only read; raises as `connection_of` does."""
    with connection_of(connector, database) as connection:
        yield Session(connection)


@contextmanager
def connection_of(connector: Connector, database: str) -> Iterator[Connection[tuple[Any, ...]]]:
    """A connection to the database behind a connector, opened as the broker opens it.

    Raises `Invalid` for a login that cannot be read, `Unavailable` for a database that lets nobody look.
    """
    try:
        with _login(connector, database) as login, connect(login) as connection:
            yield connection
    except Error as error:
        said = str(error).strip().splitlines()[-1]
        raise Unavailable(f"the database of {connector.name} cannot be looked at: {said}", WAYS) from None


def _login(connector: Connector, database: str) -> AbstractContextManager[Login]:
    if database == SECRET:
        return _made_for_it(connector)
    if not database.startswith("env:"):
        return nullcontext(_read(database, on_the_line=True))
    name = database.removeprefix("env:")
    if not os.environ.get(name):
        raise Invalid(f"the environment variable {name} is not set", WAYS)
    return nullcontext(_read(os.environ[name], on_the_line=False))


@contextmanager
def _made_for_it(connector: Connector) -> Iterator[Login]:
    """A login of the deployment's making; what AWS refuses is told as other commands tell it."""
    from appguard.cli.ledger_access import enter, told  # noqa: PLC0415 - other logins need no AWS
    from appguard.connectors.lint.database.temporary import temporary_login  # noqa: PLC0415 - likewise

    with told():
        enter()
        with temporary_login(connector.name) as login:
            yield login


def _read(url: str, *, on_the_line: bool) -> Login:
    """A login from libpq's URL or key=value form; libpq's own variables fill what it leaves out."""
    try:
        given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        raise Invalid("--database names no database", WAYS) from None
    if on_the_line and "password" in given:
        raise Invalid("everybody on this machine can read a password on the command line", WAYS)
    around = {key: os.environ[name] for key, name in _DEFAULTS.items() if name in os.environ}
    try:
        return Login.model_validate(around | given)
    except ValidationError as error:
        lacking = ", ".join(sorted({str(each["loc"][0]) for each in error.errors()}))
        raise Invalid(f"the login lacks a usable {lacking}", WAYS) from None
