"""An identity provider and the gateway's word on who calls, for tests."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from appguard.kernel.errors import Unavailable

ISSUER = "https://sign-in.example.com"
AUDIENCE = "appguard"
ACCOUNT = "111122223333"
ABOUT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
}


@dataclass
class Provider:
    """An identity provider: keys it publishes, tokens it signs, and how often it was asked."""

    rsa: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}))
    ec: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}))
    fetched: list[str] = field(default_factory=list)
    down: bool = False

    def fetch(self, url: str, form: bytes | None = None) -> bytes:
        self.fetched.append(url)
        if self.down:
            raise Unavailable("no route")
        if url.endswith("/.well-known/openid-configuration"):
            return json.dumps(ABOUT).encode()
        return json.dumps(
            {"keys": [self.rsa.as_dict(private=False), self.ec.as_dict(private=False)]}
        ).encode()

    def token(self, address: str = "ana@example.com", /, **claims: Any) -> str:
        return sign(self.rsa, {"alg": "RS256", "kid": "rsa-1"}, claims_of(address) | claims)


def claims_of(email: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": email,
        "email": email,
        "email_verified": True,
        "name": "Somebody",
        "groups": ["employees"],
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
    }


def sign(key: Any, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def role_of(app: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:sts::{account}:assumed-role/appguard-app-{app}/appguard-app-{app}"


def here(*_: object) -> bool:
    """Nobody has left."""
    return True
