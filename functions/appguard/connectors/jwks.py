"""The identity provider's public keys: fetched by discovery, cached, fetched again once for a new key id."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from appguard.kernel.errors import Unavailable

if TYPE_CHECKING:
    from joserfc.jwk import Key

Fetch = Callable[[str], bytes]

FRESH_SECONDS = 3600
BETWEEN_FETCHES = 10
MAX_BYTES = 256 * 1024
MAX_KEYS = 20
KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}


class KeySource:
    """Verification keys of one issuer."""

    def __init__(self, issuer: str, fetch: Fetch, now: Callable[[], float] = time.monotonic) -> None:
        """Keys of `issuer`, whose documents `fetch` reads."""
        self._issuer = issuer
        self._fetch = fetch
        self._now = now
        self._keys: list[Key] = []
        self._fetched_at = float("-inf")

    def candidates(self, kid: str | None, algorithm: str) -> "list[Key]":
        """Keys that may have signed: the one named `kid`, or all of the right type if none is named.

        An unknown key id causes one fetch, at most every ten seconds whoever asks.
        """
        age = self._now() - self._fetched_at
        if age > FRESH_SECONDS:
            self._refresh()
        found = self._matching(kid, algorithm)
        if not found and BETWEEN_FETCHES < age <= FRESH_SECONDS:
            self._refresh()
            found = self._matching(kid, algorithm)
        return found

    def _matching(self, kid: str | None, algorithm: str) -> "list[Key]":
        return [
            key
            for key in self._keys
            if key.key_type == KEY_TYPES[algorithm]
            and (kid is None or key.kid == kid)
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
        ]

    def _refresh(self) -> None:
        """Replace the keys; keep the old ones when the provider does not answer."""
        from joserfc.errors import JoseError  # noqa: PLC0415 - cryptography is heavy
        from joserfc.jwk import KeySet  # noqa: PLC0415

        try:
            raw = self._jwks()
            keys = KeySet.import_key_set({"keys": raw["keys"][:MAX_KEYS]}).keys
        except (OSError, ValueError, KeyError, TypeError, AttributeError, JoseError):
            if self._keys:
                return
            raise Unavailable("the identity provider's keys cannot be read") from None
        self._keys = [key for key in keys if not key.is_private]
        self._fetched_at = self._now()

    def _jwks(self) -> Any:
        """The key set document, from the address the issuer's discovery document names."""
        found = json.loads(self._fetch(self._issuer.rstrip("/") + "/.well-known/openid-configuration"))
        if found["issuer"].rstrip("/") != self._issuer.rstrip("/"):
            raise ValueError("discovery names another issuer")
        if urlsplit(found["jwks_uri"]).scheme != urlsplit(self._issuer).scheme:
            raise ValueError("keys must come the way the issuer does")
        return json.loads(self._fetch(found["jwks_uri"]))


def fetch(url: str) -> bytes:
    """Read a small document over http(s) within three seconds."""
    from urllib.request import Request, urlopen  # noqa: PLC0415 - brings http and ssl

    if urlsplit(url).scheme not in {"https", "http"}:
        raise ValueError("not an http address")
    with urlopen(Request(url, headers={"accept": "application/json"}), timeout=3) as answer:  # noqa: S310
        body: bytes = answer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("document too large")
    return body
