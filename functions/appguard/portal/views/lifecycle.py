"""Pause, recertify, transfer, lock, release, retire: each has a page that says what happens, then a form."""

from contextlib import suppress

from appguard.apps.model import App
from appguard.kernel.errors import Forbidden, Invalid
from appguard.kernel.event import Role
from appguard.operations import operations
from appguard.operations.errors import RemovalUnderWay
from appguard.portal import render
from appguard.portal.acts import RULES, WORDS, Act, role_for
from appguard.portal.apps import visible
from appguard.portal.http import Reply, Request, redirect

MAX_REASON = 500
MAX_ADDRESS = 254


def ask(request: Request) -> Reply:
    """What would happen, and the form that makes it happen. Changes nothing."""
    app, act, _ = _allowed(request)
    return render.page(
        "act.html",
        request,
        app=app,
        act=act,
        about=WORDS[act],
        possible=app.state in RULES[act].states,
        max_reason=MAX_REASON,
    )


def recertify(request: Request) -> Reply:
    """The owner confirms that the app, its owner and its access are still needed."""
    app, _, role = _allowed(request)
    if request.form.get("confirm") != "yes":
        raise Invalid("Tick the box to confirm need, owner and access")
    note = request.field("reason", MAX_REASON)
    operations.recertify(app.app_id, request.person.acting_as(role), note)
    return redirect(f"/my/{app.app_id}")


def suspend(request: Request) -> Reply:
    """The app stops answering; its data and its page stay."""
    app, _, role = _allowed(request)
    operations.suspend(app.app_id, request.person.acting_as(role), _reason(request))
    return redirect(f"/my/{app.app_id}")


def retire(request: Request) -> Reply:
    """The app ends: it is taken down and its evidence archived. Its name must be typed."""
    app, _, role = _allowed(request)
    if request.field("confirm") != app.app_id:
        raise Invalid(f"Type {app.app_id} to confirm that the app ends")
    with suppress(RemovalUnderWay):  # the hourly sweep finishes it; for the person it has ended
        operations.retire(app.app_id, request.person.acting_as(role), _reason(request))
    return redirect(f"/my/{app.app_id}")


def transfer(request: Request) -> Reply:
    """The app is offered to an address; it changes hands when that person accepts."""
    app, _, role = _allowed(request)
    to = request.field("to", MAX_ADDRESS)
    if (
        to.count("@") != 1
        or not to.isprintable()
        or any(char.isspace() for char in to)
        or "" in to.split("@")
    ):
        raise Invalid("Give the e-mail address of the new owner", "Write it like ana@example.com.")
    operations.transfer().offer(app.app_id, to, request.person, role, _reason(request))
    return redirect(f"/my/{app.app_id}")


def withdraw(request: Request) -> Reply:
    """The offer is taken back."""
    app = visible(request)
    operations.transfer().withdraw(app.app_id, request.person, _role(request, app, Act.TRANSFER))
    return redirect(f"/my/{app.app_id}")


def lock(request: Request) -> Reply:
    """Security cuts the app off while it is looked into."""
    app, _, role = _allowed(request)
    operations.lock(app.app_id, request.person.acting_as(role), _reason(request))
    return redirect(f"/my/{app.app_id}")


def release(request: Request) -> Reply:
    """Security is done with it."""
    app, _, role = _allowed(request)
    operations.release(app.app_id, request.person.acting_as(role), _reason(request))
    return redirect(f"/my/{app.app_id}")


def _allowed(request: Request) -> tuple[App, Act, Role]:
    """The app, what is asked of it (the last part of the address), and the role the person does it in."""
    app, act = visible(request), Act(request.path.rstrip("/").rpartition("/")[2])
    return app, act, _role(request, app, act)


def _role(request: Request, app: App, act: Act) -> Role:
    if role := role_for(request, app, act):
        return role
    allowed = ["the app's owner"] if RULES[act].owner else []
    allowed += [f"the role {role}" for role in sorted(RULES[act].others)]
    raise Forbidden(f"This is for {' and '.join(allowed)}", f"Ask {app.owner_email}.")


def _reason(request: Request) -> str:
    if reason := request.field("reason", MAX_REASON):
        return reason
    raise Invalid("Say in a sentence why")
