"""The identity provider: what it says about itself, and the keys it signs with."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.kernel.oidc.http import Fetch, fetch

if TYPE_CHECKING:
    from joserfc.jwk import Key

FRESH_SECONDS = 3600
BETWEEN_FETCHES = 10
MAX_KEYS = 20
KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""Asymmetric only: `none` and the HMAC family would let anybody who knows public facts sign."""


class Discovery(BaseModel):
    """The part of the provider's metadata we use (OpenID Connect Discovery 1.0).

    An issuer of workload tokens, such as a Git service's CI, signs nobody in and names no endpoints for it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    jwks_uri: str


class Issuer:
    """One issuer. Its keys are read when needed, kept an hour, and outlive an outage."""

    def __init__(self, url: str, fetch: Fetch = fetch, ticks: Callable[[], float] = time.monotonic) -> None:
        """The issuer at `url`, whose documents `fetch` reads; nothing is read before it is needed."""
        self.url = url
        self.fetch = fetch
        self._ticks = ticks
        self._discovery: Discovery | None = None
        self._keys: list[Key] = []
        self._read_at = float("-inf")

    def discovery(self) -> Discovery:
        """The provider's metadata; raises `Misconfigured` where it is another issuer's, or `Unavailable`."""
        if self._discovery is None:
            self._discovery = self._read_discovery()
        return self._discovery

    def candidates(self, kid: str | None, algorithm: str) -> "list[Key]":
        """Keys that may have signed: the one named `kid`, or all of the right type if none is named.

        An unknown key id causes one reading, at most every ten seconds whoever asks.
        """
        age = self._ticks() - self._read_at
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
            self._discovery = self._read_discovery()
            document = json.loads(self.fetch(self._discovery.jwks_uri))
            keys = KeySet.import_key_set({"keys": document["keys"][:MAX_KEYS]}).keys
        except (Unavailable, ValueError, KeyError, TypeError, AttributeError, JoseError):
            if self._keys:
                return
            raise Unavailable("The identity provider's keys cannot be read.") from None
        self._keys = [key for key in keys if not key.is_private]
        self._read_at = self._ticks()

    def _read_discovery(self) -> Discovery:
        raw: Any = self.fetch(self.url.rstrip("/") + "/.well-known/openid-configuration")
        try:
            found = Discovery.model_validate_json(raw)
        except ValidationError:
            raise Unavailable("The identity provider does not describe itself.") from None
        if found.issuer.rstrip("/") != self.url.rstrip("/"):
            raise Misconfigured(f"the issuer calls itself {found.issuer:.200}, not {self.url}")
        addresses = (found.jwks_uri, found.token_endpoint or self.url)
        ways = {urlsplit(address).scheme for address in addresses}
        if ways != {urlsplit(self.url).scheme}:
            raise Misconfigured("keys and tokens must come the way the issuer does")
        return found
