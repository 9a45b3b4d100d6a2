"""The account: who one is here, what one may, and where one is signed in."""

from appguard.directory.directory import directory
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import NotFound
from appguard.portal import identity_events as events
from appguard.portal import render
from appguard.portal.access import role_map
from appguard.portal.cookies import SESSION, clear
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.store import sessions


def show(request: Request) -> Reply:
    """Name, roles in words, and the sessions, this one first."""
    here = request.own_session.session_id
    own = sorted(sessions().of(request.person), key=lambda each: each.session_id != here)
    roles = [(role, role_map().roles[role].may) for role in sorted(request.roles)]
    return render.page("account.html", request, sessions=own, here=here, roles=roles)


def end(request: Request) -> Reply:
    """End one of one's own sessions; that of somebody else does not exist."""
    session_id = request.params["session_id"]
    session = next((each for each in sessions().of(request.person) if each.session_id == session_id), None)
    if session is None:
        raise NotFound("There is no such session", "It may have ended already; reload the page.")
    sessions().end(session, events.signed_out(request.person, request.roles, utc_now()))
    return redirect("/account")


def sign_out_everywhere(request: Request) -> Reply:
    """End every session, this one too: whoever holds a stolen cookie is out with everybody else."""
    directory().end_sessions(request.person, request.acting_as(*sorted(request.roles)))
    return redirect("/signed-out").with_cookies(clear(SESSION))
