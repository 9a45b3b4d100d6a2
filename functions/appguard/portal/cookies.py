"""The cookies of the portal, and their names."""

from dataclasses import dataclass

from appguard.portal.model import ABSOLUTE, SIGN_IN
from appguard.portal.settings import settings

SESSION = "appguard_session"
SIGNING_IN = "appguard_signin"
LANGUAGE = "appguard_language"
LOOK = "appguard_look"
ZONE = "appguard_zone"
"""Set by `portal.js`, which knows what only the browser knows."""
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Cookie:
    """A cookie to set; an empty value with `max_age` 0 removes it."""

    name: str
    value: str
    max_age: int | None = None


def name_of(cookie: str) -> str:
    """`__Host-` binds a cookie to this very host over TLS; a laptop's plain loopback cannot have it."""
    return f"__Host-{cookie}" if settings().secure else cookie


def session_cookie(token: str) -> Cookie:
    """The cookie of a session whose token is new."""
    return Cookie(name_of(SESSION), token, int(ABSOLUTE.total_seconds()))


def sign_in_cookie(token: str) -> Cookie:
    """The cookie that binds a sign-in to the browser that began it."""
    return Cookie(name_of(SIGNING_IN), token, int(SIGN_IN.total_seconds()))


def preference(cookie: str, value: str) -> Cookie:
    """The cookie that remembers a choice of how pages look; none for no choice."""
    return Cookie(name_of(cookie), value, YEAR if value else 0)


def clear(cookie: str) -> Cookie:
    """Remove a cookie."""
    return Cookie(name_of(cookie), "", 0)
