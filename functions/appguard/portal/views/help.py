"""Help: whom to ask, when somebody has time, and the guides."""

from appguard.portal import render
from appguard.portal.guides import GUIDES, guide
from appguard.portal.http import Reply, Request
from appguard.portal.settings import settings


def show(request: Request) -> Reply:
    """Where to look and whom to ask."""
    return render.page("help.html", request, guides=GUIDES, hours=settings().office_hours)


def read(request: Request) -> Reply:
    """One guide."""
    name = request.params["name"]
    return render.page("guide.html", request, guide=guide(name), hours=settings().office_hours, name=name)
