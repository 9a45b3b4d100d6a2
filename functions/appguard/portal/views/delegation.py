"""Who is asked instead of somebody who is away."""

from datetime import date

from appguard.approvals.delegation.delegations import delegations
from appguard.kernel.errors import AppGuardError, Invalid
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.views.approvals import inbox_page


def name(request: Request) -> Reply:
    """Name a delegate for some days; a mistake is told above the form, which keeps what was typed."""
    try:
        first, last = _day(request, "first_day"), _day(request, "last_day")
        delegations().name(request.person, request.field("delegate", 254), first, last)
    except AppGuardError as problem:
        return inbox_page(request, problem)
    return redirect("/approvals", away="1")


def take_back(request: Request) -> Reply:
    """Be asked oneself again."""
    delegations().take_back(request.person)
    return redirect("/approvals")


def _day(request: Request, field: str) -> date:
    try:
        return date.fromisoformat(request.field(field, 10))
    except ValueError:
        raise Invalid("Say from which day to which day you are away") from None
