"""The broker's login to each source, read from Secrets Manager."""

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from appguard.connectors.login import Login
from appguard.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 300


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
