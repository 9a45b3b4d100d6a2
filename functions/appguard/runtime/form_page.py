"""Showing a form, taking it in, and saying what became of it."""

from collections.abc import Mapping

from appguard.kernel.errors import Forbidden
from appguard.runtime import views
from appguard.runtime.logic.errors import LogicFailed
from appguard.runtime.pages import FormPage
from appguard.runtime.refusal import BrokerRefused
from appguard.runtime.session import demand_own_form
from appguard.runtime.submission import submission
from appguard.runtime.views import Link, Notice, Sheet
from appguard.runtime.visit import Visit
from appguard.runtime.web import Response

UNPROCESSABLE = 422
SENT = "sent"
SENT_SECONDS = 60


def show(visit: Visit, page: FormPage) -> Response:
    """The empty form, or once after sending it: that it worked."""
    if (visit.cookies.get(visit.request, SENT) or {}).get("page") == page.id:
        return Response(200, _thanks(visit, page), cookies=[visit.cookies.drop(SENT)])
    return Response(200, views.form(visit.frame, page, Sheet({})))


def send(visit: Visit, page: FormPage) -> Response:
    """Check, prepare and hand over; anything short of success shows the form again as it was typed."""
    form = visit.request.form()
    try:
        demand_own_form(visit.request, form, visit.session)
        made = submission(page, form, visit.words, visit.run)
        if made.problems:
            return Response(UNPROCESSABLE, views.form(visit.frame, page, Sheet(form, made.problems)))
        visit.broker.command(page.submit, made.parameters, visit.session.id_token)
    except LogicFailed as failed:
        said = Notice("Nothing was sent", failed.message, failed.advice)
        return _again(visit, page, form, said, failed.status)
    except Forbidden as forbidden:
        said = Notice("Nothing was sent", forbidden.message, "Check your entries and send them again.")
        return _again(visit, page, form, said, forbidden.status)
    except BrokerRefused as refused:
        if refused.unauthenticated:
            raise
        said = Notice("Nothing was saved", refused.refusal.message, refused.refusal.remediation)
        return _again(visit, page, form, said, refused.status)
    flash = visit.cookies.put(SENT, {"page": page.id}, SENT_SECONDS)
    return Response.redirect(visit.frame.url(f"/pages/{page.id}"), flash)


def _again(visit: Visit, page: FormPage, form: Mapping[str, str], said: Notice, status: int) -> Response:
    return Response(status, views.form(visit.frame, page, Sheet(form, notice=said)))


def _thanks(visit: Visit, page: FormPage) -> str:
    links = (Link("Back to the start", "/"), Link("Send another", f"/pages/{page.id}"))
    return views.notice(visit.frame, Notice("Sent", page.success, tone="good", links=links), here=page.id)
