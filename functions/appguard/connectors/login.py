"""How the broker signs in to a source."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from appguard.connectors.credentials import Keyed


class Address(BaseModel):
    """Where a PostgreSQL source is, and whom to trust to vouch for it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str
    port: int = 5432
    dbname: str
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] = "verify-full"
    ca: str | None = None
    """Certificate authority in PEM; without it the system's own are trusted."""


class Login(Address):
    """An address with somebody who may sign in there. Nothing in it is ever printed or logged."""

    user: str
    password: SecretStr


class Server(Address, Keyed):
    """A connector's database. It holds no password: each app signs in with a login of its own."""

    api_role: str
    """The role that may use the connector's views and functions; the logins of apps are its members."""
    sign_in: Literal["password", "iam"] = "password"
    """`iam`: apps sign in with tokens of RDS instead, and nothing is kept or rotated for them."""

    def login(self, user: str, password: SecretStr) -> Login:
        """Sign in there as `user`."""
        address = {name: getattr(self, name) for name in Address.model_fields}
        return Login(**address, user=user, password=password)
