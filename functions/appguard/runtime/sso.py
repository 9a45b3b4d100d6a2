"""Signing in: OIDC authorization code with PKCE, state and nonce; each attempt in a cookie of its own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from appguard.kernel.errors import Unauthenticated
from appguard.kernel.oidc.code_flow import CodeFlow
from appguard.kernel.oidc.id_token import IdTokens, person
from appguard.kernel.oidc.issuer import Issuer
from appguard.runtime import session
from appguard.runtime.session import Cookies
from appguard.runtime.web import Request, Response

ATTEMPT = "signin-"
ATTEMPT_SECONDS = 600
MOST_ATTEMPTS = 4


@dataclass(frozen=True)
class SignIn:
    """The two halves of signing in to one app."""

    issuer: Issuer
    client_id: str
    cookies: Cookies

    def begin(self, request: Request, back_to: str) -> Response:
        """Send the person to the identity provider, remembering where they wanted to go.

        Of earlier attempts only a few are kept: a gateway refuses headers beyond 10 KB.
        """
        state, nonce, verifier = (secrets.token_urlsafe(24) for _ in range(3))
        verifier += secrets.token_urlsafe(16)  # RFC 7636 wants 43 characters or more
        attempt = {"state": state, "nonce": nonce, "verifier": verifier, "back_to": back_to}
        url = self._flow.leave_for(state=state, nonce=nonce, verifier=verifier)
        surplus = self.cookies.names(request, ATTEMPT)[MOST_ATTEMPTS - 1 :]
        return Response.redirect(
            url,
            self.cookies.put(_attempt(state), attempt, ATTEMPT_SECONDS),
            *(self.cookies.drop(name) for name in surplus),
        )

    def finish(self, request: Request) -> Response:
        """Believe the provider's answer only if it belongs to an attempt this browser began."""
        state = request.query.get("state", "")
        attempt = self.cookies.get(request, _attempt(state)) if state else None
        if attempt is None or attempt["state"] != state:
            raise Unauthenticated("This sign-in was not begun here, or took longer than ten minutes.")
        if "code" not in request.query:
            raise Unauthenticated("The identity provider did not sign you in.")
        token = self._flow.exchange(request.query["code"], attempt["verifier"])
        now = datetime.fromtimestamp(self.cookies.sealer.now(), UTC)
        claims = IdTokens(self.issuer, self.client_id).claims(token, now, attempt["nonce"])
        person(claims)
        place = self.cookies.settings.base + attempt["back_to"]
        return Response.redirect(
            place, session.start(self.cookies, token, claims), self.cookies.drop(_attempt(state))
        )

    @property
    def _flow(self) -> CodeFlow:
        return CodeFlow(self.issuer, self.client_id, self.cookies.settings.callback_url)


def _attempt(state: str) -> str:
    """Name of an attempt's cookie: several tabs may sign in at once."""
    return ATTEMPT + hashlib.sha256(state.encode()).hexdigest()[:12]
