"""The broker's login to each source, read from Secrets Manager."""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from appguard.connectors.login import Login
from appguard.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 300
Kept = TypeVar("Kept", bound=BaseModel)


class Logins:
    """Logins by name of secret, kept for five minutes: a rotated password is found by then, or on refusal."""

    def __init__(self, client: "SecretsManagerClient", now: Callable[[], float] = time.monotonic) -> None:
        """Read secrets through `client`."""
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[float, BaseModel]] = {}

    def get(self, secret: str, *, fresh: bool = False) -> Login:
        """The login stored in `secret`; `fresh` reads it anew."""
        return self.of(secret, Login, fresh=fresh)

    def of(self, secret: str, kind: type[Kept], *, fresh: bool = False) -> Kept:
        """What `secret` holds, as the kind of its connector means it."""
        at, kept = self._kept.get(secret, (0.0, None))
        if isinstance(kept, kind) and not fresh and self._now() - at < KEEP_SECONDS:
            return kept
        found = self._read(secret, kind)
        self._kept[secret] = (self._now(), found)
        return found

    def _read(self, secret: str, kind: type[Kept]) -> Kept:
        try:
            return kind.model_validate_json(self._client.get_secret_value(SecretId=secret)["SecretString"])
        except self._client.exceptions.ResourceNotFoundException:
            raise Misconfigured(f"the secret {secret} does not exist") from None
        except (ValidationError, KeyError):
            raise Misconfigured(f"the secret {secret} is not what its connector needs") from None


@cache
def logins() -> Logins:
    """Logins from this account's Secrets Manager."""
    import boto3  # noqa: PLC0415 - only on first use

    return Logins(boto3.client("secretsmanager"))
