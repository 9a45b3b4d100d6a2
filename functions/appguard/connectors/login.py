"""How the broker signs in to a source."""

from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr


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


class Server(Address):
    """A connector's database. It holds no password: each app signs in with a login of its own."""

    api_role: str
    """The role that may use the connector's views and functions; the logins of apps are its members."""
    digest_key: SecretStr
    """Key of parameter digests and hash masks."""
    sign_in: Literal["password", "iam"] = "password"
    """`iam`: apps sign in with tokens of RDS instead, and nothing is kept or rotated for them."""

    @property
    def key(self) -> bytes:
        """The key for digests and hash masks."""
        return sha256(b"appguard digest key\x00" + self.digest_key.get_secret_value().encode()).digest()

    def login(self, user: str, password: SecretStr) -> Login:
        """Sign in there as `user`."""
        address = {name: getattr(self, name) for name in Address.model_fields}
        return Login(**address, user=user, password=password)
