"""Leaving for the identity provider, coming back, and signing out."""

from appguard.audit.outbox import outbox
from appguard.kernel.actions import Action
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Unauthenticated
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.person import Person
from appguard.portal import render
from appguard.portal.access import roles_of
from appguard.portal.cookies import SESSION, SIGNING_IN, clear, name_of, session_cookie, sign_in_cookie
from appguard.portal.http import Reply, Request, redirect, safe_return
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
    sign_in = sessions().take(request.cookies.get(name_of(SIGNING_IN), ""))
    if sign_in is None:
        raise Unauthenticated("This sign-in has expired or was begun in another browser", "Sign in again.")
    signed_in = identity().redeem(request.query, sign_in, utc_now())
    if old := request.cookies.get(name_of(SESSION)):
        sessions().end(old)
    token, _ = sessions().create(signed_in.person, signed_in.proved_at)
    _record(Action.PERSON_SIGNED_IN, signed_in.person)
    return redirect(sign_in.return_to).with_cookies(session_cookie(token), clear(SIGNING_IN))


def sign_out(request: Request) -> Reply:
    """End the session on the server, then forget its cookie."""
    sessions().end(request.cookies.get(name_of(SESSION), ""))
    _record(Action.PERSON_SIGNED_OUT, request.person)
    return redirect("/signed-out").with_cookies(clear(SESSION))


def signed_out(request: Request) -> Reply:
    """Good-bye."""
    return render.page("signed_out.html", request)


def _record(action: Action, person: Person) -> None:
    role = min(roles_of(person), default=Role.EMPLOYEE)
    actor: Actor = person.acting_as(role)
    outbox().record(AuditEvent.of(action, actor, Resource(type="person", id=person.id), utc_now()))
