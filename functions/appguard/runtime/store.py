"""The app's own secret: the only thing a micro app reads from AWS itself."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from appguard.kernel.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

REREAD_AFTER_SECONDS = 60.0
SHORTEST_KEY = 32


@cache
def secrets_manager() -> "SecretsManagerClient":
    """The client, created on first use; slow secrets must not eat the request's whole time."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})
    return boto3.client("secretsmanager", config=config)


@dataclass
class SessionSecret:
    """Keys that seal cookies: the current one first, then the one being rotated out."""

    secret_id: str
    client: Callable[[], "SecretsManagerClient"] = secrets_manager
    ticks: Callable[[], float] = time.monotonic
    _keys: tuple[str, ...] = ()
    _read_at: float = 0.0

    def keys(self) -> tuple[str, ...]:
        """The keys as last read."""
        return self._keys or self._read()

    def reread(self) -> bool:
        """Look whether the secret was rotated, at most once a minute. Says whether the keys changed."""
        if self.ticks() - self._read_at < REREAD_AFTER_SECONDS:
            return False
        before = self._keys
        return self._read() != before

    def _read(self) -> tuple[str, ...]:
        self._read_at = self.ticks()
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            text = self.client().get_secret_value(SecretId=self.secret_id)["SecretString"]
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("This app cannot read its own secret.") from error
        try:
            secret = json.loads(text)
            found = [secret["session_key"], *([secret["previous"]] if secret.get("previous") else [])]
        except (ValueError, KeyError, TypeError) as error:
            raise Misconfigured("the app's secret does not have the promised shape") from error
        if any(not isinstance(key, str) or len(key) < SHORTEST_KEY for key in found):
            raise Misconfigured("the app's secret holds a key that is too short")
        self._keys = tuple(found)
        return self._keys
