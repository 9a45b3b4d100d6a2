"""Signing in by OIDC authorization code with PKCE (OpenID Connect Core 3.1, RFC 7636), as a public client."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from appguard.kernel.errors import Misconfigured, Unauthenticated
from appguard.kernel.oidc.http import Declined
from appguard.kernel.oidc.issuer import Issuer

TERMINAL = "terminal."
"""How the nonce of a sign-in from the command line begins. Portal and apps begin none so: their tokens, which
have the same audience, are no bearers."""


@dataclass(frozen=True)
class CodeFlow:
    """The two halves of signing in at `issuer`, from which people come back to `redirect_uri`."""

    issuer: Issuer
    client_id: str
    redirect_uri: str

    def leave_for(self, *, state: str, nonce: str, verifier: str, again: bool = False) -> str:
        """Where the browser goes to sign in; `again` asks for the password even of who is signed in."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        if again:
            query |= {"prompt": "login", "max_age": "0"}
        return f"{_named(self.issuer.discovery().authorization_endpoint)}?{urlencode(query)}"

    def redeem(self, answer: Mapping[str, str], state: str, verifier: str) -> str:
        """The ID token an authorization response stands for, not yet verified; raises `Unauthenticated`."""
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise Unauthenticated("The answer of the identity provider does not belong to this sign-in")
        if answer.get("iss", self.issuer.url) != self.issuer.url:  # RFC 9207: mix-up attack
            raise Unauthenticated("The answer comes from another identity provider")
        if "error" in answer:
            raise Unauthenticated(
                "The identity provider did not let you in", "Try again or ask your IT service desk."
            )
        return self.exchange(answer.get("code", ""), verifier)

    def exchange(self, code: str, verifier: str) -> str:
        """The ID token a code stands for, not yet verified; raises `Declined`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        answer = self.issuer.fetch(_named(self.issuer.discovery().token_endpoint), urlencode(form).encode())
        try:
            token = json.loads(answer)["id_token"]
        except (ValueError, KeyError, TypeError):
            raise Declined from None
        if not isinstance(token, str):
            raise Declined
        return token


def _named(endpoint: str | None) -> str:
    if endpoint is None:
        raise Misconfigured("the issuer signs nobody in: it names no endpoints for that")
    return endpoint


def challenge(verifier: str) -> str:
    """The S256 code challenge of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
