"""The account menu: in which language, light or dark."""

from appguard.kernel.errors import Invalid
from appguard.portal.cookies import LANGUAGE, LOOK, preference
from appguard.portal.http import Reply, Request, redirect, safe_return
from appguard.portal.languages import LANGUAGES
from appguard.portal.reader import LOOKS


def save(request: Request) -> Reply:
    """Remember the choice in this browser; an empty one leaves it to the device again."""
    language, look = request.field("language"), request.field("look")
    if language not in ("", *LANGUAGES) or look not in ("", *LOOKS):
        raise Invalid("There is no such language or look", "Choose one of those in the account menu.")
    back = redirect(safe_return(request.field("next")))
    return back.with_cookies(preference(LANGUAGE, language), preference(LOOK, look))
