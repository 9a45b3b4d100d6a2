"""Who is signed in: kept in sealed cookies, so that the function needs no store."""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from appguard.kernel.errors import Forbidden, Unauthenticated
from appguard.kernel.oidc.id_token import person
from appguard.kernel.person import Person
from appguard.runtime.sealing import Sealer
from appguard.runtime.settings import RuntimeSettings
from appguard.runtime.web import Request

LONGEST_SESSION_SECONDS = 8 * 3600


class Session(BaseModel):
    """A signed-in person: the ID token that proves it and the secret of their forms."""

    model_config = ConfigDict(frozen=True)

    id_token: str
    csrf: str
    person: Person


@dataclass(frozen=True)
class Cookies:
    """Sealed cookies of one app: scoped to its path, out of reach for scripts."""

    settings: RuntimeSettings
    sealer: Sealer

    def put(self, name: str, facts: dict[str, Any], seconds: int) -> str:
        """A `Set-Cookie` value that keeps `facts` for so long."""
        sealed = self.sealer.seal(name, facts, self.sealer.now() + seconds)
        return self._line(name, sealed, seconds)

    def drop(self, name: str) -> str:
        """A `Set-Cookie` value that removes it."""
        return self._line(name, "", 0)

    def get(self, request: Request, name: str) -> dict[str, Any] | None:
        """The facts of a genuine, unexpired cookie."""
        return self.sealer.open(name, request.cookies.get(self._name(name)))

    def names(self, request: Request, start: str) -> list[str]:
        """Names of this app's cookies that start so."""
        own = self._name("")
        names = (name.removeprefix(own) for name in request.cookies if name.startswith(own))
        return [name for name in names if name.startswith(start)]

    def _line(self, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if self.settings.secure else ""
        scope = f"Path={self.settings.base}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        return f"{self._name(name)}={value}; {scope}"

    def _name(self, name: str) -> str:
        return f"{'__Secure-' if self.settings.secure else ''}appguard-app-{name}"


def start(cookies: Cookies, id_token: str, claims: dict[str, Any]) -> str:
    """The cookie of a new session, which ends with the token or after a working day."""
    left = int(claims["exp"] - cookies.sealer.now())
    if left <= 0:
        raise Unauthenticated("The identity provider's sign-in has already ended.")
    facts = {"token": id_token, "csrf": secrets.token_urlsafe(24)}
    return cookies.put("session", facts, min(left, LONGEST_SESSION_SECONDS))


def current(cookies: Cookies, request: Request) -> Session | None:
    """The session of this request, if any. The token inside was verified before it was sealed."""
    facts = cookies.get(request, "session")
    if facts is None:
        return None
    claims = _claims(facts["token"])
    return Session(id_token=facts["token"], csrf=facts["csrf"], person=person(claims))


def demand_own_form(request: Request, form: dict[str, str], session: Session) -> None:
    """Refuse a form that was not sent from this person's own pages of this app."""
    ours = hmac.compare_digest(form.get("_csrf", "").encode(), session.csrf.encode())
    if not ours or request.headers.get("sec-fetch-site") == "cross-site":
        raise Forbidden(
            "This form was not sent from this app's own page.", "Reload the page and send it again."
        )


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
