"""The databases of connectors, as their administrator sees them. One function comes in here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from appguard.connectors.connecting import connect
from appguard.connectors.login import Login, Server
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import ConnectorName
from appguard.secrets.administrator import PostgresAdministrator
from appguard.secrets.errors import SourceOutOfReach
from appguard.secrets.logins import credentials_of
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider, Stage

if TYPE_CHECKING:
    from psycopg import Connection

APPLICATION = "appguard-secrets"


@dataclass(frozen=True)
class Sources:
    """Finds address and administrator of a connector's database."""

    provider: Provider

    def server(self, connector: ConnectorName) -> Server:
        """Where it is; raises `Misconfigured`."""
        name = SecretName.server(connector)
        value = self.provider.read(name)
        try:
            return Server.model_validate_json(value.text if value else "")
        except ValidationError:
            raise Misconfigured(f"the secret {name} does not describe a database") from None

    @contextmanager
    def administrator(self, connector: ConnectorName) -> Iterator[tuple[Server, PostgresAdministrator]]:
        """Signed in as administrator; raises `SourceOutOfReach`, without the driver's words."""
        import psycopg  # noqa: PLC0415 - half of the function's import time

        server = self.server(connector)
        connection = self._connected(connector, server)
        try:
            yield server, PostgresAdministrator(connection, server.api_role)
        except psycopg.Error as error:
            said = f"the database of {connector} refused what its administrator asked ({error.sqlstate})"
            raise SourceOutOfReach(said) from None
        finally:
            connection.close()

    def _connected(self, connector: ConnectorName, server: Server) -> "Connection[tuple[Any, ...]]":
        """With the current password, or the pending one, where changing it was begun and not finished."""
        for stage in (Stage.CURRENT, Stage.PENDING):
            value = self.provider.read(SecretName.administrator(connector), stage)
            login = credentials_of(value) if value else None
            found = _attempt(server.login(login.user, login.password)) if login else None
            if found:
                found.autocommit = True
                return found
        raise SourceOutOfReach(f"the database of {connector} does not let its administrator in")


def signs_in(login: Login) -> bool:
    """Whether the database lets this login in."""
    found = _attempt(login)
    if found:
        found.close()
    return found is not None


def _attempt(login: Login) -> "Connection[tuple[Any, ...]] | None":
    import psycopg  # noqa: PLC0415 - likewise

    try:
        return connect(login, APPLICATION)
    except psycopg.OperationalError:
        return None
