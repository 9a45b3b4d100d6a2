"""The two cookies of the portal, and their names."""

from appguard.portal.http import Cookie
from appguard.portal.model import ABSOLUTE, SIGN_IN
from appguard.portal.settings import settings

SESSION = "appguard_session"
SIGNING_IN = "appguard_signin"


def name_of(cookie: str) -> str:
    """`__Host-` binds a cookie to this very host over TLS; a laptop's plain loopback cannot have it."""
    return f"__Host-{cookie}" if settings().secure else cookie


def session_cookie(token: str) -> Cookie:
    """The cookie of a session whose token is new."""
    return Cookie(name_of(SESSION), token, int(ABSOLUTE.total_seconds()))


def sign_in_cookie(token: str) -> Cookie:
    """The cookie that binds a sign-in to the browser that began it."""
    return Cookie(name_of(SIGNING_IN), token, int(SIGN_IN.total_seconds()))


def clear(cookie: str) -> Cookie:
    """Remove a cookie."""
    return Cookie(name_of(cookie), "", 0)
