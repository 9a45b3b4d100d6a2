"""One HTTP exchange with Vault: TLS, bounded in time and size, no redirects, repeated where it stumbles."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from appguard.kernel.address import unread_on_the_way
from appguard.kernel.errors import Misconfigured
from appguard.secrets.vault.errors import VaultAway, VaultSealed

LARGEST = 256 * 1024
PAUSES = (0.1, 0.4, 0)  # seconds after each attempt
TOO_MANY, SERVER_ERROR, SEALED = 429, 500, 503


@dataclass(frozen=True)
class Answer:
    """What came back; printing it shows no secret."""

    status: int
    body: Mapping[str, Any] = field(repr=False)


class Exchange(Protocol):
    """Something that asks Vault."""

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Answer:
        """The answer, whatever its status below 500; raises `VaultAway` or `VaultSealed`."""
        ...


class HttpExchange:
    """With the server at one address."""

    def __init__(self, address: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Speak to `address`; plain http is for this machine only."""
        import urllib3  # noqa: PLC0415 - comes with boto3, and only where Vault was chosen

        if not unread_on_the_way(address):
            raise Misconfigured("Vault must be reached over https")
        self._address, self._sleep = address.rstrip("/"), sleep
        limits = urllib3.Timeout(connect=2.0, total=5.0)
        self._pool = urllib3.PoolManager(maxsize=2, timeout=limits, retries=False)

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Answer:
        """Ask, and ask again where Vault stumbles; what it refuses is not asked twice."""
        for pause in PAUSES:
            answer = self._once(method, path, headers, body)
            if answer and answer.status < SERVER_ERROR and answer.status != TOO_MANY:
                return answer
            if answer and answer.status == SEALED and "sealed" in str(answer.body.get("errors")):
                raise VaultSealed("Vault is sealed")
            self._sleep(pause)
        raise VaultAway("Vault does not answer as it should")

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> Answer | None:
        import urllib3  # noqa: PLC0415 - likewise

        try:
            reply = self._pool.request(
                method,
                f"{self._address}/v1/{path}",
                headers={**headers, "x-vault-request": "true", "content-type": "application/json"},
                body=json.dumps(body).encode() if body is not None else None,
                redirect=False,
                preload_content=False,
            )
            content = reply.read(LARGEST + 1)
            reply.release_conn()
            found = json.loads(content or b"{}") if len(content) <= LARGEST else None
        except (urllib3.exceptions.HTTPError, ValueError):
            return None
        return Answer(reply.status, found) if isinstance(found, dict) else None
