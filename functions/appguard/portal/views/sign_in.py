"""Leaving for the identity provider, coming back, and signing out."""

from appguard.audit.outbox import outbox
from appguard.directory.directory import directory
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Unauthenticated
from appguard.portal import identity_events as events
from appguard.portal import render
from appguard.portal.access import roles_of
from appguard.portal.cookies import SESSION, SIGNING_IN, clear, name_of, session_cookie, sign_in_cookie
from appguard.portal.device import device
from appguard.portal.http import Reply, Request, redirect, safe_return
from appguard.portal.model import SignedIn, SignIn
from appguard.portal.oidc import identity
from appguard.portal.store import sessions


def leave(request: Request) -> Reply:
    """Begin a sign-in; `fresh=1` asks the provider for the password again."""
    token, sign_in = sessions().begin(
        safe_return(request.query.get("next", "/")), fresh=request.query.get("fresh") == "1"
    )
    return redirect(identity().leave_for(sign_in)).with_cookies(sign_in_cookie(token))


def return_(request: Request) -> Reply:
    """Finish a sign-in: only in the browser that began it, only once; an older session ends."""
    try:
        sign_in, signed_in = _proved(request)
    except Unauthenticated as error:
        outbox().record(events.sign_in_failed(error, utc_now()))
        raise
    if old := sessions().find(request.cookies.get(name_of(SESSION), "")):
        sessions().drop(old.session_id)
    token = _admit(signed_in, device(request.headers.get("user-agent", "")))
    return redirect(sign_in.return_to).with_cookies(session_cookie(token), clear(SIGNING_IN))


def sign_out(request: Request) -> Reply:
    """End the session on the server, then forget its cookie."""
    sessions().end(request.own_session, events.signed_out(request.person, request.roles, utc_now()))
    return redirect("/signed-out").with_cookies(clear(SESSION))


def signed_out(request: Request) -> Reply:
    """Good-bye."""
    return render.page("signed_out.html", request)


def _proved(request: Request) -> tuple[SignIn, SignedIn]:
    sign_in = sessions().take(request.cookies.get(name_of(SIGNING_IN), ""))
    if sign_in is None:
        raise Unauthenticated("This sign-in has expired or was begun in another browser", "Sign in again.")
    signed_in = identity().redeem(request.query, sign_in, utc_now())
    return sign_in, signed_in.model_copy(update={"person": directory().meet(signed_in.person)})


def _admit(signed_in: SignedIn, on: str) -> str:
    """A new session's token. Whoever comes with other roles than the last time is told of to the ledger."""
    person, now = signed_in.person, utc_now()
    roles, before = roles_of(person), sessions().last_roles(person)
    because = [events.signed_in(person, roles, now)]
    if before not in (None, roles):
        because.append(events.roles_changed(person, before, roles, now))
    token, _ = sessions().create(signed_in, roles, on, *because)
    return token
