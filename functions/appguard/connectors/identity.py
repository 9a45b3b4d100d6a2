"""Who the end user is: the claims of a verified OIDC ID token, and nothing a request may say."""

import json
import re
from typing import Any

from appguard.connectors.errors import TokenRefused
from appguard.connectors.jwks import KEY_TYPES, KeySource
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.ids import PersonId
from appguard.kernel.person import Person

MAX_TOKEN = 8 * 1024
SKEW_SECONDS = 60
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")
_PARTS = 3


class TokenVerifier:
    """Verifies ID tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str, keys: KeySource, clock: Clock = utc_now) -> None:
        """Accept tokens `issuer` signed for `audience` with one of `keys`."""
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._clock = clock

    def person(self, token: str) -> Person:
        """The person the token vouches for; raises `TokenRefused` without saying which check failed.

        The reason goes to `TokenRefused.__cause__` for the log: told to the caller, it would
        help whoever forges tokens.
        """
        try:
            return self._person(token)
        except (ValueError, KeyError, TypeError) as error:
            raise TokenRefused("the user's sign-in is not valid here") from error

    def _person(self, token: str) -> Person:
        header = _header(token)
        claims = self._signed_claims(token, header)
        self._check(claims)
        groups = claims.get("groups", ())
        return Person(
            id=PersonId(claims["sub"]),
            email=_email(claims),
            name=str(claims.get("name", ""))[:200],
            groups=frozenset(map(str, groups)) if isinstance(groups, list) else frozenset(),
        )

    def _signed_claims(self, token: str, header: dict[str, Any]) -> dict[str, Any]:
        """The claims, if a key of the issuer signed them."""
        from joserfc import jwt  # noqa: PLC0415 - cryptography is heavy
        from joserfc.errors import JoseError  # noqa: PLC0415

        algorithm = header["alg"]
        for key in self._keys.candidates(header.get("kid"), algorithm):
            try:
                return jwt.decode(token, key, algorithms=[algorithm]).claims
            except JoseError:
                continue
        raise ValueError("no key of the issuer signed this")

    def _check(self, claims: dict[str, Any]) -> None:
        """RFC 7519 and OpenID Connect Core 3.1.3.7; every claim we rely on must be there."""
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415

        rules = JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            rules.validate(claims)
        except JoseError as error:
            raise ValueError(str(error)) from None
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._audience:
            raise ValueError("issued for several parties and authorised for another")
        if claims.get("token_use", "id") != "id":
            raise ValueError("not an ID token")


def _header(token: str) -> dict[str, Any]:
    """The token's header, if it is one we would consider: compact form, known algorithm, no extensions."""
    from joserfc.util import urlsafe_b64decode  # noqa: PLC0415

    if not 0 < len(token) <= MAX_TOKEN or not token.isascii() or token.count(".") != _PARTS - 1:
        raise ValueError("not a compact token")
    header = json.loads(urlsafe_b64decode(token.partition(".")[0].encode()))
    if not isinstance(header, dict) or header.get("alg") not in KEY_TYPES:
        raise ValueError("algorithm not allowed")
    if "crit" in header or "b64" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise ValueError("not a plain ID token")
    if not isinstance(header.get("kid"), str | None):
        raise TypeError("key id is not a text")
    return header


def _email(claims: dict[str, Any]) -> str:
    """The verified address in lower case: what row-level security filters by."""
    email = claims["email"]
    if claims.get("email_verified") is not True:
        raise ValueError("address not verified")
    if not isinstance(email, str) or not _ADDRESS.fullmatch(email):
        raise ValueError("not an address")
    return email.lower()
