"""The broker's login to each source, read from Secrets Manager."""

import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from appguard.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 300


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


class Logins:
    """Logins by name of secret, kept for five minutes: a rotated password is found by then, or on refusal."""

    def __init__(self, client: "SecretsManagerClient", now: Callable[[], float] = time.monotonic) -> None:
        """Read secrets through `client`."""
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[float, Login]] = {}

    def get(self, secret: str, *, fresh: bool = False) -> Login:
        """The login stored in `secret`; `fresh` reads it anew."""
        kept = self._kept.get(secret)
        if kept and not fresh and self._now() - kept[0] < KEEP_SECONDS:
            return kept[1]
        login = self._read(secret)
        self._kept[secret] = (self._now(), login)
        return login

    def _read(self, secret: str) -> Login:
        try:
            return Login.model_validate_json(self._client.get_secret_value(SecretId=secret)["SecretString"])
        except self._client.exceptions.ResourceNotFoundException:
            raise Misconfigured(f"the secret {secret} does not exist") from None
        except (ValidationError, KeyError):
            raise Misconfigured(f"the secret {secret} is not a login") from None


@cache
def logins() -> Logins:
    """Logins from this account's Secrets Manager."""
    import boto3  # noqa: PLC0415 - only on first use

    return Logins(boto3.client("secretsmanager"))
