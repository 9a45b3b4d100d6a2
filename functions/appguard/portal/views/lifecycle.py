"""Recertify, suspend, retire: buttons of the app page, each confirmed in words."""

from collections.abc import Set
from contextlib import suppress

from appguard.apps.model import App
from appguard.kernel.errors import Forbidden, Invalid
from appguard.kernel.event import Actor, Role
from appguard.operations import operations
from appguard.operations.errors import RemovalUnderWay
from appguard.portal.access import RECERTIFIERS, RETIRERS, SUSPENDERS
from appguard.portal.apps import visible
from appguard.portal.http import Reply, Request, redirect


def recertify(request: Request) -> Reply:
    """The owner confirms that the app, its owner and its access are still needed."""
    app, by = _app_and_actor(request, RECERTIFIERS)
    if request.form.get("confirm") != "yes":
        raise Invalid("Tick the box to confirm need, owner and access")
    operations.recertify(app.app_id, by)
    return redirect(f"/my/{app.app_id}")


def suspend(request: Request) -> Reply:
    """The app stops answering; its data and its page stay."""
    app, by = _app_and_actor(request, SUSPENDERS)
    operations.suspend(app.app_id, by)
    return redirect(f"/my/{app.app_id}")


def retire(request: Request) -> Reply:
    """The app ends: it is taken down and its evidence archived. Its name must be typed."""
    app, by = _app_and_actor(request, RETIRERS)
    if request.field("confirm") != app.app_id:
        raise Invalid(f"Type {app.app_id} to confirm that the app ends")
    with suppress(RemovalUnderWay):  # the hourly sweep finishes it; for the person it has ended
        operations.retire(app.app_id, by)
    return redirect(f"/my/{app.app_id}")


def _app_and_actor(request: Request, others: Set[Role]) -> tuple[App, Actor]:
    """The app, and the person as its owner or as one of those who may act on apps of others."""
    app = visible(request)
    if app.owner == request.person.id:
        return app, request.acting_as(Role.REQUESTER)
    if role := min(request.roles & others, default=None):
        return app, request.person.acting_as(role)
    raise Forbidden("This is for the app's owner and the platform team", f"Ask {app.owner_email}.")
