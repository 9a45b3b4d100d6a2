"""The app's own secret: the only thing a micro app reads from AWS itself."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.runtime.fetch import Fetch, fetch
from appguard.runtime.signing import Sign, sign_as_this_function

REREAD_AFTER_SECONDS = 60.0
SHORTEST_KEY = 32
OK = 200


@dataclass
class SessionSecret:
    """Keys that seal cookies: the current one first, then the one being rotated out."""

    secret_id: str
    sign: Sign = sign_as_this_function
    fetch: Fetch = fetch
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
        try:
            secret = json.loads(json.loads(self._get_secret_value())["SecretString"])
            found = [secret["session_key"], *([secret["previous"]] if secret.get("previous") else [])]
        except (ValueError, KeyError, TypeError) as error:
            raise Misconfigured("the app's secret does not have the promised shape") from error
        if any(not isinstance(key, str) or len(key) < SHORTEST_KEY for key in found):
            raise Misconfigured("the app's secret holds a key that is too short")
        self._keys = tuple(found)
        return self._keys

    def _get_secret_value(self) -> bytes:
        """The service's reply (JSON 1.1 protocol)."""
        url, body = endpoint(), json.dumps({"SecretId": self.secret_id}).encode()
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "secretsmanager.GetSecretValue",
        }
        signed = self.sign("secretsmanager", "POST", url, headers, body)
        reply = self.fetch("POST", url, headers=signed, body=body)
        if reply.status != OK:
            raise Unavailable("This app cannot read its own secret.")
        return reply.body


def endpoint() -> str:
    """Where Secrets Manager answers: as the SDKs' settings say, or the region's public address."""
    region = os.environ["AWS_REGION"]
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return (
        os.environ.get("AWS_ENDPOINT_URL_SECRETS_MANAGER")
        or os.environ.get("AWS_ENDPOINT_URL")
        or f"https://secretsmanager.{region}.{suffix}"
    ).rstrip("/") + "/"
