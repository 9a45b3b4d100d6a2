"""How the broker signs in to a source."""

from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr


class Login(BaseModel):
    """How to reach a PostgreSQL source. Nothing in it is ever printed or logged."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str
    port: int = 5432
    dbname: str
    user: str
    password: SecretStr
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] = "verify-full"
    ca: str | None = None
    """Certificate authority in PEM; without it the system's own are trusted."""
    digest_key: SecretStr | None = None
    """Key of parameter digests and hash masks; without it they change when the password does."""

    @property
    def key(self) -> bytes:
        """The key for digests and hash masks, never the password itself."""
        secret = self.digest_key or self.password
        return sha256(b"appguard digest key\x00" + secret.get_secret_value().encode()).digest()
