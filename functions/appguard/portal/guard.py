"""What every request passes before a view sees it: session or token, role, CSRF; and headers of replies."""

import hmac
from dataclasses import replace

from appguard.audit.outbox import outbox
from appguard.directory.directory import directory
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError, Forbidden, NotFound, Unauthenticated
from appguard.kernel.phrase import Phrase
from appguard.portal.access import roles_of
from appguard.portal.cookies import SESSION, clear, name_of, session_cookie
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.identity_events import access_denied, roles_changed, signed_in
from appguard.portal.oidc import identity
from appguard.portal.routes import Route
from appguard.portal.settings import settings
from appguard.portal.store import sessions

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "cache-control": "no-store",
}


SIGNED_OUT = Phrase("You are not signed in, or your session has ended")


class CrossSite(Forbidden):
    """A POST that does not come from a page this session was given."""

    code = "cross_site_request"
    remediation = "Reload the page and send the form again."


def answer(route: Route, request: Request) -> Reply:
    """The view's reply to a request it may see, or the page of the error it met."""
    token = None
    try:
        request, token = _with_session(route, request)
        _require(route, request)
        reply = route.load()(request)
    except AppGuardError as error:
        _record_refusal(error, route, request)
        reply = _error(error, request)
    return _renewed(reply, token).with_headers(HEADERS)


def missing(request: Request) -> Reply:
    """The page of an address that is none; whoever is signed in keeps the menu."""
    request, token = _recognised(request)
    reply = _error(NotFound(Phrase("There is no page at this address")), request)
    return _renewed(reply, token).with_headers(HEADERS)


def _with_session(route: Route, request: Request) -> tuple[Request, str | None]:
    """The request with the session of its cookie, and the cookie's next value, if it is to have one.

    Open routes only look for a session when they change things.
    """
    if route.bearer:
        return _vouched_for(request), None
    return (request, None) if route.roles is None and request.method == "GET" else _recognised(request)


def _recognised(request: Request) -> tuple[Request, str | None]:
    token = request.cookies.get(name_of(SESSION), "")
    if not token:
        return request, None
    found = sessions().find(token)
    if found is None:
        return request, None
    person = directory().admit(found.person, found.signed_in_at)
    if person is None:  # they left, or signed out everywhere
        sessions().drop(found.session_id)
        return request, None
    roles = roles_of(person)
    because = [] if roles == found.roles else [roles_changed(person, found.roles, roles, utc_now())]
    session, following = sessions().keep(found, token, person, roles, *because)
    return replace(request, session=session, roles=roles), following


def _vouched_for(request: Request) -> Request:
    """The request of whom its bearer token speaks, as of today. Each sign-in is told to the ledger once."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated(SIGNED_OUT)
    now = utc_now()
    came, issued_at = identity().bearer(token.strip(), now)
    if directory().admit(came.person, issued_at) is None:  # they left, or signed out everywhere since
        raise Unauthenticated(SIGNED_OUT)
    person = directory().meet(came.person)
    roles = roles_of(person)
    outbox().record(signed_in(person, roles, now, once=issued_at))
    return replace(request, bearer=came.model_copy(update={"person": person}), roles=roles)


def _renewed(reply: Reply, token: str | None) -> Reply:
    """The reply with the session's next token, in front of what the view says of the cookie itself."""
    return reply if token is None else replace(reply, cookies=(session_cookie(token), *reply.cookies))


def _require(route: Route, request: Request) -> None:
    if route.roles is not None and request.who is None:
        raise Unauthenticated(SIGNED_OUT)
    if request.method != "GET" and not route.bearer:  # no page can make a browser send a token
        _same_site(request)
    if route.roles is not None and not request.is_any(route.roles):
        needed = " / ".join(sorted(route.roles))
        raise Forbidden(
            Phrase("This page is for the role {needed}", needed=needed),
            "Ask the platform team to put you into the right group.",
        )


def _same_site(request: Request) -> None:
    """The form carries this session's token, and the browser (where it says) was on our own page."""
    if request.session is None:
        raise Unauthenticated(SIGNED_OUT)
    given, expected = (
        request.headers.get("x-csrf-token") or request.form.get("csrf", ""),
        request.session.csrf,
    )
    origin = request.headers.get("origin", settings().origin)
    if not hmac.compare_digest(given.encode(), expected.encode()) or origin != settings().origin:
        raise CrossSite("This form was not sent from a page of your session")


def _record_refusal(error: AppGuardError, route: Route, request: Request) -> None:
    """Who is known and was refused is an entry of the ledger, unless the view has made one that says more."""
    if request.who is None or not isinstance(error, Forbidden) or error.recorded:
        return
    denied = access_denied(request.person, request.roles, f"{route.method} {route.path}", error, utc_now())
    outbox().record(denied)


def _error(error: AppGuardError, request: Request) -> Reply:
    """An error as JSON for programs, as a fragment for htmx, as a page for people."""
    from appguard.portal import render  # noqa: PLC0415 - keeps the template engine out of the import

    nobody = isinstance(error, Unauthenticated) and request.session is None and request.path != "/callback"
    if nobody and request.method == "GET" and not request.wants_json and not request.partial:
        return redirect("/sign-in", next=request.path).with_cookies(clear(SESSION))
    return render.error(error, request)
