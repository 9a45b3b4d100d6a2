"""What the secret of a connector other than PostgreSQL's holds. Nothing in it is ever printed or logged."""

from collections.abc import Mapping
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, SecretStr


class Keyed(BaseModel):
    """The least a connector's secret holds: DynamoDB and Athena are reached by the broker's own role."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    digest_key: SecretStr
    """Key of parameter digests and hash masks."""

    @property
    def key(self) -> bytes:
        """The key for digests and hash masks."""
        return sha256(b"appguard digest key\x00" + self.digest_key.get_secret_value().encode()).digest()


class HttpCredentials(Keyed):
    """How an API is asked: headers such as `authorization`, and whom to trust to vouch for the server."""

    headers: Mapping[str, SecretStr] = {}
    ca: str | None = None
    """Certificate authority in PEM; without it the system's own are trusted."""
