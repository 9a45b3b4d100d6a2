"""How each app signs in to each source: read from the provider of secrets, remembered for five minutes."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from appguard.connectors.login import Login, Server
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.credentials import Credentials
from appguard.secrets.names import SecretName, roles
from appguard.secrets.provider import Provider, provider

KEEP_SECONDS = 300
Kept = TypeVar("Kept", bound=BaseModel)


class Token(Protocol):
    """Makes what RDS takes for a password."""

    def __call__(self, server: Server, user: str) -> str:
        """Good for fifteen minutes."""
        ...


class Logins:
    """Logins by connector and app. A rotated password is found within five minutes, or on refusal."""

    def __init__(self, secrets: Provider, token: Token, now: Callable[[], float] = time.monotonic) -> None:
        """Read from `secrets`; where a database wants IAM, ask `token` instead."""
        self._secrets, self._token, self._now = secrets, token, now
        self._kept: dict[str, tuple[float, BaseModel]] = {}

    def server(self, connector: ConnectorName, *, fresh: bool = False) -> Server:
        """Where the connector's database is; raises `Misconfigured`."""
        return self.of(SecretName.server(connector), Server, fresh=fresh)

    def get(self, connector: ConnectorName, app_id: AppId, *, fresh: bool = False) -> Login:
        """The app's login; `fresh` reads it anew. Raises `Misconfigured`."""
        server = self.server(connector, fresh=fresh)
        if server.sign_in == "iam":
            user = roles(connector, app_id)[0]
            return server.login(user, SecretStr(self._token(server, user)))
        known = self.of(SecretName.login(connector, app_id), Credentials, fresh=fresh)
        return server.login(known.user, known.password)

    def of(self, name: str, kind: type[Kept], *, fresh: bool = False) -> Kept:
        """What the secret holds, as its reader means it; `fresh` reads it anew. Raises `Misconfigured`."""
        read_at, kept = self._kept.get(name, (0.0, None))
        if isinstance(kept, kind) and not fresh and self._now() - read_at < KEEP_SECONDS:
            return kept
        value = self._secrets.read(SecretName(name))
        if value is None:
            raise Misconfigured(f"the secret {name} does not exist")
        try:
            found = kind.model_validate_json(value.text)
        except ValidationError:
            raise Misconfigured(f"the secret {name} is not what its reader needs") from None
        self._kept[name] = (self._now(), found)
        return found


def rds_token(server: Server, user: str) -> str:
    """A token for this user: signed here with the function's own credentials, no call is made."""
    return str(_rds().generate_db_auth_token(server.host, server.port, user))


@cache
def _rds() -> Any:
    """The client that signs tokens."""
    import boto3  # noqa: PLC0415 - only where a database wants it

    return boto3.client("rds")


@cache
def logins() -> Logins:
    """The logins of this deployment."""
    return Logins(provider(), rds_token)
