"""Cookies nobody else can read or forge: JWE, `dir` + A256GCM, keyed from the app's own secret."""

import hmac
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId

LONGEST_COOKIE = 3900  # browsers keep 4096 octets including name and attributes
ALGORITHMS = ["dir", "A256GCM"]


class Keys(Protocol):
    """Where sealing keys come from."""

    def keys(self) -> tuple[str, ...]:
        """Current key first."""
        ...

    def reread(self) -> bool:
        """Look again; says whether something changed."""
        ...


@dataclass(frozen=True)
class Sealer:
    """Seals small facts for one purpose and a limited time."""

    app_id: AppId
    secret: Keys
    now: Callable[[], float] = time.time

    def seal(self, purpose: str, facts: dict[str, Any], expires: float) -> str:
        """The sealed text; raises `Misconfigured` when it would not fit into a cookie."""
        from joserfc import jwe  # noqa: PLC0415

        header = {"alg": "dir", "enc": "A256GCM"}
        plain = json.dumps({**facts, "exp": expires}, separators=(",", ":"))
        sealed = jwe.encrypt_compact(header, plain, self._derive(self.secret.keys()[0], purpose), ALGORITHMS)
        if len(sealed) > LONGEST_COOKIE:
            raise Misconfigured("the identity provider's token is too large for a cookie")
        return sealed

    def open(self, purpose: str, sealed: str | None) -> dict[str, Any] | None:
        """The facts, or None when the text is missing, forged, expired or sealed for something else."""
        if not sealed or len(sealed) > LONGEST_COOKIE:
            return None
        facts = self._open_with(self.secret.keys(), purpose, sealed)
        if facts is None and self.secret.reread():
            facts = self._open_with(self.secret.keys(), purpose, sealed)
        return facts if facts and facts.pop("exp", 0) > self.now() else None

    def _open_with(self, secrets: Iterable[str], purpose: str, sealed: str) -> dict[str, Any] | None:
        from joserfc import jwe  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        for secret in secrets:
            try:
                opened = jwe.decrypt_compact(sealed, self._derive(secret, purpose), ALGORITHMS)
                facts: dict[str, Any] = json.loads(opened.plaintext or b"{}")
            except (JoseError, ValueError):
                continue
            return facts
        return None

    def _derive(self, secret: str, purpose: str) -> Any:
        """A key per app and purpose (one-step KDF with HMAC-SHA-256, NIST SP 800-56C)."""
        from joserfc.jwk import OctKey  # noqa: PLC0415

        label = f"appguard/v1/{self.app_id}/{purpose}".encode()
        return OctKey.import_key(hmac.digest(secret.encode(), label, "sha256"))
