"""Compliance reports: which there are, what one says in short, its files, and having one made now."""

from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid
from appguard.kernel.event import Role
from appguard.portal import render
from appguard.portal.http import Reply, Request, redirect
from appguard.reports.catalogue import FrameworkName, catalogue
from appguard.reports.model import Period
from appguard.reports.order import Order
from appguard.reports.shelf import shelf
from appguard.reports.words.dates import span

MOST_SHOWN = 100


def list_all(request: Request) -> Reply:
    """The reports, the latest first, and the form for another."""
    reports, asked, today = shelf().all(), request.query.get("asked", "")[:80], utc_now().date()
    return render.page(
        "reports.html",
        request,
        reports=reports[:MOST_SHOWN],
        more=len(reports) > MOST_SHOWN,
        span=span,
        frameworks={name.value: one.title for name, one in catalogue().frameworks.items()},
        pending=asked if asked and all(one.report_id != asked for one in reports) else "",
        since=today.replace(day=1),
        today=today,
    )


def order(request: Request) -> Reply:
    """Have a report made; it appears in the list when it is there."""
    now = utc_now()
    since, last = _day(request, "since"), _day(request, "until")
    if since > last or last > now:
        raise Invalid("The first day comes after the last, or the last is still to come")
    try:
        period = Period(since=since, until=min(last + timedelta(days=1), now))
        by = request.acting_as(Role.AUDITOR)
        wanted = Order.asked(FrameworkName(request.field("framework", 20)), period, by, now)
    except (ValidationError, ValueError):
        raise Invalid("Choose a framework, and a period of at most three years") from None
    shelf().order(wanted)
    return redirect("/reports", asked=wanted.report_id)


def follow(request: Request) -> Reply:
    """Where the link of a mail leads; it ends, the report does not."""
    return redirect(f"/reports/{shelf().behind(request.params['token'])}")


def show(request: Request) -> Reply:
    """One report in short, and its files."""
    return render.page("report.html", request, report=shelf().get(request.params["report_id"]), span=span)


def fetch(request: Request) -> Reply:
    """To the file, for a minute; who fetches it is recorded first."""
    name = request.query.get("name", "")[:100]
    return redirect(shelf().fetch(request.params["report_id"], name, request.acting_as(Role.AUDITOR)))


def _day(request: Request, field: str) -> datetime:
    try:
        return datetime.strptime(request.field(field, 10), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(f"{field} is a day like 2026-11-24") from None
