"""What makes an ID token believable, and whom it speaks of (OpenID Connect Core 3.1.3.7, RFC 7519)."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from appguard.kernel.errors import Unauthenticated
from appguard.kernel.ids import PersonId
from appguard.kernel.oidc.issuer import KEY_TYPES, Issuer
from appguard.kernel.person import Person

MAX_TOKEN = 8 * 1024
SKEW_SECONDS = 60
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")
_PARTS = 3


class TokenInvalid(Unauthenticated):
    """The token proves nothing here. Why is its cause, for the log: told, it would help who forges tokens."""


class AddressNotVerified(TokenInvalid):
    """The provider does not vouch for the person's e-mail address."""

    remediation = "Ask your IT service desk to have your e-mail address verified."


class IdTokens:
    """Verifies ID tokens of one issuer for one audience."""

    def __init__(self, issuer: Issuer, audience: str) -> None:
        """Accept tokens that `issuer` signed for `audience`."""
        self._issuer = issuer
        self._audience = audience

    def claims(self, token: str, now: datetime, nonce: str | None = None) -> dict[str, Any]:
        """The claims of a token with a good signature, meant for us, in time; raises `TokenInvalid`.

        With `nonce`, the token must be the answer to that very sign-in.
        """
        claims = self.signed(token)
        self.check(claims, now, nonce)
        return claims

    def signed(self, token: str) -> dict[str, Any]:
        """What a token with a good signature says, be it for others or expired; raises `TokenInvalid`."""
        with _invalid():
            return self._signed(token)

    def check(self, claims: dict[str, Any], now: datetime, nonce: str | None = None) -> None:
        """Whether signed claims are meant for us, in time; raises `TokenInvalid` if not."""
        with _invalid():
            self._check(claims, now, nonce)

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims, if a key of the issuer signed them."""
        from joserfc import jwt  # noqa: PLC0415 - cryptography is heavy
        from joserfc.errors import JoseError  # noqa: PLC0415

        header = _header(token)
        algorithm = header["alg"]
        for key in self._issuer.candidates(header.get("kid"), algorithm):
            try:
                return jwt.decode(token, key, algorithms=[algorithm]).claims
            except JoseError:
                continue
        raise ValueError("no key of the issuer signed this")

    def _check(self, claims: dict[str, Any], now: datetime, nonce: str | None) -> None:
        """Every claim we rely on must be there."""
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415

        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": self._issuer.url},
            "aud": {"essential": True, "value": self._audience},
            **{name: {"essential": True} for name in ("sub", "exp", "iat")},
        }
        rules = JWTClaimsRegistry(now=int(now.timestamp()), leeway=SKEW_SECONDS, **expected)
        try:
            rules.validate(claims)
        except JoseError as error:
            raise ValueError(str(error)) from None
        if nonce is not None and claims.get("nonce") != nonce:
            raise ValueError("the answer to another sign-in")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._audience) != self._audience:
            raise ValueError("authorised for another party")
        if claims.get("token_use", "id") != "id":
            raise ValueError("not an ID token")


@contextmanager
def _invalid() -> Iterator[None]:
    """Whatever is wrong with a token, it is told as one thing."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise TokenInvalid("The sign-in is not valid here.") from error


def person(claims: Mapping[str, Any]) -> Person:
    """The person of verified claims; raises `TokenInvalid`, or `AddressNotVerified`.

    The address is in lower case: row-level security filters by it.
    """
    if claims.get("email_verified") is not True:
        raise AddressNotVerified("The identity provider has not verified your e-mail address.")
    try:
        email = _address(claims["email"])
        return Person(
            id=PersonId(claims["sub"]),
            email=email,
            name=str(claims.get("name") or email)[:200],
            groups=_groups(claims.get("groups", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TokenInvalid("The ID token names nobody usable here.") from error


def _address(said: object) -> str:
    if not isinstance(said, str) or not _ADDRESS.fullmatch(said):
        raise ValueError("not an address")
    return said.lower()


def _groups(said: object) -> frozenset[str]:
    if not isinstance(said, list | tuple) or not all(isinstance(group, str) for group in said):
        raise ValueError("groups are not a list of names")
    return frozenset(said)


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
