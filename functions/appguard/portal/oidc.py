"""Signing in at the company's identity provider: OIDC authorization code with PKCE, state and nonce."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.kernel.errors import Misconfigured, Unauthenticated, Unavailable
from appguard.kernel.person import Person
from appguard.portal.model import FRESH, SignedIn, SignIn
from appguard.portal.settings import PortalSettings, settings

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Asymmetric only: `none` and the HMAC family would let anybody who knows public facts sign."""
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5


class Provider(BaseModel):
    """The parts of the issuer's discovery document the portal uses."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Identity:
    """The identity provider of this deployment."""

    def __init__(self, config: PortalSettings) -> None:
        """Speak to `config.oidc_issuer`; nothing is fetched before it is needed."""
        self._config = config
        self._provider: Provider | None = None
        self._keys: Any = None

    def leave_for(self, sign_in: SignIn) -> str:
        """Where the browser goes to sign in."""
        challenge = hashlib.sha256(sign_in.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._config.oidc_client_id,
            "redirect_uri": self._config.callback_url,
            "scope": "openid profile email",
            "state": sign_in.state,
            "nonce": sign_in.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if sign_in.fresh:
            query |= {"prompt": "login", "max_age": "0"}
        return f"{self._discover().authorization_endpoint}?{urlencode(query)}"

    def redeem(self, answer: Mapping[str, str], sign_in: SignIn, now: datetime) -> SignedIn:
        """Whom an authorization response speaks of; raises `Unauthenticated` on any doubt."""
        if not hmac.compare_digest(answer.get("state", "").encode(), sign_in.state.encode()):
            raise Unauthenticated("The answer of the identity provider does not belong to this sign-in")
        if answer.get("iss", self._config.oidc_issuer) != self._config.oidc_issuer:  # RFC 9207: mix-up attack
            raise Unauthenticated("The answer comes from another identity provider")
        if "error" in answer:
            raise Unauthenticated(
                "The identity provider did not let you in", "Try again or ask your IT service desk."
            )
        token = self._exchange(answer.get("code", ""), sign_in)
        claims = self._verified(token, sign_in, now)
        return SignedIn(person=self.person(claims), proved_at=_proved_at(claims, now))

    def person(self, claims: Mapping[str, Any]) -> Person:
        """The person of verified claims."""
        if claims.get("email_verified") is not True:
            raise Unauthenticated(
                "Your e-mail address is not verified by the identity provider",
                "Ask your IT service desk to verify it.",
            )
        try:
            email = claims["email"]
            return Person(
                id=claims["sub"],
                email=email,
                name=claims.get("name") or email,
                groups=claims.get("groups") or (),
            )
        except (KeyError, ValidationError):
            raise Unauthenticated("The ID token lacks sub, email or well-formed groups") from None

    def _exchange(self, code: str, sign_in: SignIn) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._config.callback_url,
            "client_id": self._config.oidc_client_id,
            "code_verifier": sign_in.verifier,
        }
        token = _json(self._discover().token_endpoint, urlencode(form).encode()).get("id_token")
        if not isinstance(token, str):
            raise Unauthenticated("The identity provider gave no ID token")
        return token

    def _verified(self, token: str, sign_in: SignIn, now: datetime) -> Mapping[str, Any]:
        """The claims of a token with a good signature, meant for us, in time, for this sign-in."""
        from joserfc import jwt  # noqa: PLC0415 - 200 ms of cryptography that only a sign-in needs
        from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415

        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._config.oidc_issuer},
            aud={"essential": True, "value": self._config.oidc_client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": sign_in.nonce},
        )
        try:
            try:
                claims = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims
            except InvalidKeyIdError:  # the provider has rotated its keys
                self._keys = None
                claims = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(f"The ID token is not acceptable ({type(error).__name__})") from None
        self._check_audience_and_age(claims, sign_in, now)
        return claims

    def _check_audience_and_age(self, claims: Mapping[str, Any], sign_in: SignIn, now: datetime) -> None:
        """What OIDC Core 3.1.3.7 asks beyond the registered claims: azp, and auth_time after max_age."""
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._config.oidc_client_id) != self._config.oidc_client_id:
            raise Unauthenticated("The ID token was issued to another application")
        proved_at = _proved_at(claims, now)
        if sign_in.fresh and (proved_at is None or now - proved_at > FRESH):
            raise Unauthenticated("The identity provider did not ask you to sign in again")

    def _key_set(self) -> Any:
        if self._keys is None:
            from joserfc.jwk import KeySet  # noqa: PLC0415

            self._keys = KeySet.import_key_set(_json(self._discover().jwks_uri))  # type: ignore[arg-type]
        return self._keys

    def _discover(self) -> Provider:
        if self._provider is None:
            url = self._config.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
            found = Provider.model_validate(_json(url))
            if found.issuer != self._config.oidc_issuer:
                raise Misconfigured(f"the issuer calls itself {found.issuer}, not {self._config.oidc_issuer}")
            self._provider = found
        return self._provider


def _proved_at(claims: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the person last proved who they are; unknown unless the provider says so, never in the future."""
    said = claims.get("auth_time")
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    return datetime.fromtimestamp(max(0, min(said, now.timestamp())), UTC)


def _json(url: str, form: bytes | None = None) -> dict[str, Any]:
    """Fetch a JSON object over TLS, or over plain HTTP from this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise Misconfigured("the identity provider must be reached over https")
    request = Request(url, data=form, headers={"accept": "application/json"})  # noqa: S310 - scheme checked above
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            found = json.load(answer)
    except URLError as error:
        if form is not None and getattr(error, "code", 0) in {400, 401}:
            raise Unauthenticated("The identity provider did not accept the sign-in") from None
        raise Unavailable("The identity provider does not answer") from None
    except (TimeoutError, ValueError):
        raise Unavailable("The identity provider does not answer") from None
    if not isinstance(found, dict):
        raise Unavailable("The identity provider answers something unexpected")
    return found


@cache
def identity() -> Identity:
    """The identity provider of this deployment, its discovery document and keys fetched once."""
    return Identity(settings())
