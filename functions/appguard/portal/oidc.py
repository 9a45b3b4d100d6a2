"""Signing in to the portal at the company's identity provider."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from appguard.kernel.errors import Unauthenticated
from appguard.kernel.oidc.code_flow import CodeFlow
from appguard.kernel.oidc.id_token import IdTokens, person
from appguard.kernel.oidc.issuer import Issuer
from appguard.portal.model import FRESH, SignedIn, SignIn
from appguard.portal.settings import PortalSettings, settings


class Identity:
    """The identity provider as the portal knows it."""

    def __init__(self, config: PortalSettings, issuer: Issuer) -> None:
        """Sign people in at `issuer` as the client that `config` names."""
        self._issuer = issuer
        self._flow = CodeFlow(issuer, config.oidc_client_id, config.callback_url)
        self._tokens = IdTokens(issuer, config.oidc_client_id)

    def leave_for(self, sign_in: SignIn) -> str:
        """Where the browser goes to sign in."""
        return self._flow.leave_for(
            state=sign_in.state, nonce=sign_in.nonce, verifier=sign_in.verifier, again=sign_in.fresh
        )

    def redeem(self, answer: Mapping[str, str], sign_in: SignIn, now: datetime) -> SignedIn:
        """Whom an authorization response speaks of; raises `Unauthenticated` on any doubt."""
        if not hmac.compare_digest(answer.get("state", "").encode(), sign_in.state.encode()):
            raise Unauthenticated("The answer of the identity provider does not belong to this sign-in")
        if answer.get("iss", self._issuer.url) != self._issuer.url:  # RFC 9207: mix-up attack
            raise Unauthenticated("The answer comes from another identity provider")
        if "error" in answer:
            raise Unauthenticated(
                "The identity provider did not let you in", "Try again or ask your IT service desk."
            )
        token = self._flow.exchange(answer.get("code", ""), sign_in.verifier)
        claims = self._tokens.claims(token, now, sign_in.nonce)
        proved_at = _proved_at(claims, now)
        if sign_in.fresh and (proved_at is None or now - proved_at > FRESH):
            raise Unauthenticated("The identity provider did not ask you to sign in again")
        return SignedIn(person=person(claims), proved_at=proved_at)


def _proved_at(claims: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the person last proved who they are; unknown unless the provider says so, never in the future."""
    said = claims.get("auth_time")
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    return datetime.fromtimestamp(max(0, min(said, now.timestamp())), UTC)


@cache
def identity() -> Identity:
    """The identity provider of this deployment, its discovery document and keys fetched once."""
    return Identity(settings(), Issuer(settings().oidc_issuer))
