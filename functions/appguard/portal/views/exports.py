"""Where a refused export leads: what would leave, and the reviewer's word that it may for a time."""

from urllib.parse import quote, urlencode

from appguard.approvals.access import refusal
from appguard.approvals.exceptions.exporting import Asked, export_exceptions
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.ids import AppId
from appguard.portal import render
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.views.approvals import MAX_COMMENT, StepUpRequired

FIELDS = ("app", "connector", "query")


def show(request: Request) -> Reply:
    """What would leave; to whoever may decide, the form in which they do."""
    asked = _asked({name: request.query.get(name, "") for name in FIELDS})
    about = {"app": asked.app.app_id, "connector": asked.about.connector, "query": asked.about.query}
    address = f"/exports/allow?{urlencode(about)}"
    return render.page(
        "export.html",
        request,
        asked=asked,
        about=about,
        hindrance=refusal(request.person, asked.app.owner, asked.app.owner_email),
        fresh=request.fresh,
        sign_in=f"/sign-in?fresh=1&next={quote(address, safe='')}",
        until=utc_now() + review_policy().exceptions.export_lasts,
    )


def allow(request: Request) -> Reply:
    """A reviewer allows it; like every approval it needs a recent sign-in and a reason."""
    if not request.fresh:
        raise StepUpRequired("Your sign-in is more than a few minutes old", "Sign in again, then allow it.")
    if not (reason := request.field("reason", MAX_COMMENT)):
        raise Invalid("Say in a sentence why")
    asked = _asked({name: request.field(name, 100) for name in FIELDS})
    if request.field("columns", 10_000) != "; ".join(asked.about.columns):
        raise Invalid("What the query returns has changed meanwhile", "Open the page again and look anew.")
    allowed = export_exceptions().allow(asked, request.person, reason)
    return redirect("/exceptions", app=allowed.app_id)


def _asked(about: dict[str, str]) -> Asked:
    try:
        app_id = AppId(about["app"])
    except ValueError:
        raise NotFound("There is no such app") from None
    return export_exceptions().asked(app_id, about["connector"], about["query"])
