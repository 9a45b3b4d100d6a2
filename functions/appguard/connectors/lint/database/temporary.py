"""A login like those of apps, for as long as a proof takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex, token_urlsafe

from pydantic import SecretStr

from appguard.connectors.login import Login
from appguard.kernel.clock import utc_now
from appguard.kernel.ids import ConnectorName
from appguard.secrets.names import ROLE_PREFIX
from appguard.secrets.provider import provider
from appguard.secrets.sources import Sources

LIFE = timedelta(minutes=10)


@contextmanager
def temporary_login(connector: ConnectorName) -> Iterator[Login]:
    """Made by the connector's administrator and dropped in the end; whatever happens, it is soon worthless.

    Raises `Misconfigured` or `SourceOutOfReach` where there is no such database or administrator.
    """
    role, password = f"{ROLE_PREFIX}lint_{token_hex(4)}", token_urlsafe(32)
    with Sources(provider()).administrator(connector) as (server, administrator):
        administrator.give(role, password, utc_now() + LIFE)
        try:
            yield server.login(role, SecretStr(password))
        finally:
            administrator.drop(role)
