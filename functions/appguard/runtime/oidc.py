"""The identity provider: discovery, the code's exchange, and what makes an ID token believable."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.kernel.errors import Unauthenticated, Unavailable
from appguard.runtime.fetch import Fetch, fetch

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "PS256", "ES256"]  # never `none`, never a symmetric one
REFRESH_KEYS_AFTER_SECONDS = 60.0
CLOCK_SKEW_SECONDS = 60


class Discovery(BaseModel):
    """The part of the provider's metadata we use (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass
class Provider:
    """One issuer and our public client there."""

    issuer: str
    client_id: str
    fetch: Fetch = fetch
    ticks: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    _discovery: Discovery | None = None
    _keys: "KeySet | None" = None
    _keys_read_at: float = field(default=0.0)

    def authorization_url(self, redirect_uri: str, state: str, nonce: str, challenge: str) -> str:
        """Where to send somebody to sign in (authorization code with PKCE, RFC 7636)."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.discovery().authorization_endpoint}?{urlencode(query)}"

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> str:
        """Exchange the code for an ID token, not yet verified."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        reply = self.fetch(
            "POST",
            self.discovery().token_endpoint,
            headers={"content-type": "application/x-www-form-urlencoded", "accept": "application/json"},
            body=urlencode(form).encode(),
        )
        token = _json(reply.body).get("id_token")
        if reply.status != 200 or not isinstance(token, str):  # noqa: PLR2004
            raise Unauthenticated("The identity provider did not accept the sign-in.")
        return token

    def verify(self, token: str, nonce: str) -> dict[str, Any]:
        """The token's claims, once signature, issuer, audience, times and nonce hold."""
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415

        try:
            try:
                decoded = jwt.decode(token, self.keys(), ALGORITHMS)
            except InvalidKeyIdError:
                decoded = jwt.decode(token, self.keys(again=True), ALGORITHMS)
            jwt.JWTClaimsRegistry(
                now=int(self.now()),
                leeway=CLOCK_SKEW_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated("The identity provider's answer could not be verified.") from error
        audience = decoded.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and decoded.claims.get("azp") != self.client_id:
            raise Unauthenticated("The identity provider's answer is for another application.")
        return decoded.claims

    def discovery(self) -> Discovery:
        """The provider's metadata, read once."""
        if self._discovery is None:
            reply = self.fetch("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                found = Discovery.model_validate(_json(reply.body))
            except ValidationError as error:
                raise Unavailable("The identity provider does not describe itself.") from error
            if found.issuer != self.issuer:
                raise Unavailable("The identity provider names another issuer than the one we trust.")
            self._discovery = found
        return self._discovery

    def keys(self, *, again: bool = False) -> "KeySet":
        """The provider's keys; `again` reads them anew at most once a minute, for keys just rolled over."""
        from joserfc.jwk import KeySet  # noqa: PLC0415

        stale = self.ticks() - self._keys_read_at > REFRESH_KEYS_AFTER_SECONDS
        if self._keys is None or (again and stale):
            self._keys_read_at = self.ticks()
            document: Any = _json(self.fetch("GET", self.discovery().jwks_uri).body)
            self._keys = KeySet.import_key_set({"keys": document.get("keys", [])})
        return self._keys


def _json(body: bytes) -> dict[str, Any]:
    """A JSON object, or an empty one for anything else."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
