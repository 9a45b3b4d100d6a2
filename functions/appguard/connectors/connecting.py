"""Opening a connection to PostgreSQL, with the limits every session has."""

import logging
from functools import cache
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from appguard.connectors.login import Login

if TYPE_CHECKING:
    from psycopg import Connection

# No search path: connector files name schemas. The time-outs end what a frozen function left open.
_SESSION = (
    "-c search_path= -c idle_in_transaction_session_timeout=15000 -c lock_timeout=3000 -c timezone=UTC"
    " -c statement_timeout=20000 -c idle_session_timeout=60000"
)


# What the driver would log quotes the server, whose words may be data.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)


def connect(
    login: Login, application: str = "appguard-broker", *, autocommit: bool = False
) -> "Connection[tuple[Any, ...]]":
    """A new connection; raises `psycopg.OperationalError`."""
    import psycopg  # noqa: PLC0415 - half of the broker's import time

    return psycopg.connect(
        host=login.host,
        port=login.port,
        dbname=login.dbname,
        user=login.user,
        password=login.password.get_secret_value(),
        sslmode=login.sslmode,
        sslrootcert=_trusted(login),
        connect_timeout=3,
        application_name=application,
        options=_SESSION,
        autocommit=autocommit,
    )


def _trusted(login: Login) -> str | None:
    """Whom libpq trusts to vouch for the server: the login's authority, else the system's."""
    if login.ca:
        return _authority(login.ca)
    return "system" if login.sslmode == "verify-full" else None


@cache
def _authority(pem: str) -> str:
    """A file with the certificate authority, where libpq can read it."""
    with NamedTemporaryFile("w", prefix="appguard-ca-", suffix=".pem", delete=False) as file:
        file.write(pem)
    return file.name
