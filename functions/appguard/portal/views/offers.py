"""An app that was offered to somebody: what they would answer for, and their answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from appguard.connectors.registry import registry
from appguard.kernel.errors import Forbidden, Invalid
from appguard.operations import operations
from appguard.portal import render
from appguard.portal.apps import app_id, visible
from appguard.portal.grant_words import sentences
from appguard.portal.http import Reply, Request, redirect


def show(request: Request) -> Reply:
    """What the person is asked to take over. Changes nothing."""
    with as_if_there_were_none(request):
        app, offer = operations.transfer().offered(app_id(request), request.person)
    grants = app.publication.grants if app.publication else None
    return render.page(
        "offer.html", request, app=app, offer=offer, touches=sentences(grants, registry()) if grants else []
    )


def answer(request: Request) -> Reply:
    """Accept, with the need for the app and its access confirmed, or decline."""
    match request.form.get("answer"):
        case "accept":
            if request.form.get("confirm") != "yes":
                raise Invalid("Tick the box to confirm that the app is needed and that you answer for it")
            with as_if_there_were_none(request):
                app = operations.transfer().accept(app_id(request), request.person)
            return redirect(f"/my/{app.app_id}")
        case "decline":
            with as_if_there_were_none(request):
                operations.transfer().decline(app_id(request), request.person)
            return redirect("/")
        case _:
            raise Invalid("Say whether you take the app over")


@contextmanager
def as_if_there_were_none(request: Request) -> Iterator[None]:
    """Whom an app was not offered learns nothing of it here that they could not see otherwise."""
    try:
        yield
    except Forbidden:
        visible(request)
        raise
