"""How old every secret is; no secret itself, which the portal could not read if it wanted to."""

from appguard.portal import render
from appguard.portal.http import Reply, Request
from appguard.secrets.ages import Standing, secret_ages


def show(request: Request) -> Reply:
    """One table, what is older than its policy first."""
    found = secret_ages()
    late = sum(aged.standing is Standing.LATE for aged in found)
    return render.page("secrets.html", request, found=found, late=late)
