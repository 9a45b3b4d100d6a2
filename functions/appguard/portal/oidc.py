"""Signing in to the portal at the company's identity provider."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from appguard.kernel.errors import Unauthenticated
from appguard.kernel.oidc.code_flow import TERMINAL, CodeFlow
from appguard.kernel.oidc.id_token import IdTokens, TokenInvalid, person
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
        token = self._flow.redeem(answer, sign_in.state, sign_in.verifier)
        claims = self._tokens.claims(token, now, sign_in.nonce)
        proved_at = _proved_at(claims, now)
        if sign_in.fresh and (proved_at is None or now - proved_at > FRESH):
            raise Unauthenticated("The identity provider did not ask you to sign in again")
        return SignedIn(person=person(claims), proved_at=proved_at)

    def bearer(self, token: str, now: datetime) -> tuple[SignedIn, datetime]:
        """Whom an ID token speaks of that a command line signed in for lately, and since when.

        Raises `Unauthenticated` for any other token, be it one of a sign-in to the portal or an app.
        """
        claims = self._tokens.claims(token, now)
        issued_at = datetime.fromtimestamp(claims["iat"], UTC)
        if now - issued_at > FRESH:
            raise Unauthenticated("Your sign-in is more than a few minutes old")
        if not str(claims.get("nonce", "")).startswith(TERMINAL):
            raise TokenInvalid("The sign-in is not valid here.")
        return SignedIn(person=person(claims), proved_at=_proved_at(claims, now)), issued_at


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
