"""Putting the guide to a first app away, and taking it out again."""

from appguard.portal.guide import put_away
from appguard.portal.http import Reply, Request, redirect, safe_return


def choose(request: Request) -> Reply:
    """Remember the choice in this browser and go back to where one was."""
    back = safe_return(request.form.get("back", "/"))
    return redirect(back).with_cookies(put_away(request.form.get("show") != "yes"))
