"""Home: what waits for me, and my apps."""

from appguard.apps.card import Card
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.pages import Order, page
from appguard.portal import render
from appguard.portal.access import BUILDERS, DECIDERS
from appguard.portal.guide import guide
from appguard.portal.http import Reply, Request

OVER = frozenset({State.RETIRED, State.ARCHIVED})
NEEDS_OWNER = frozenset({State.REFUSED, State.SUSPENDED})


def show(request: Request) -> Reply:
    """The page people start from."""
    mine = catalog().owned_by(request.person.id)
    apps = [app for app in mine if app.state not in OVER]
    return render.page(
        "home.html",
        request,
        apps=apps,
        guide=guide(request, apps[0]) if len(apps) == 1 and apps[0].publication is None else None,
        over=[app for app in mine if app.state in OVER],
        needs_me=[app for app in mine if app.state in NEEDS_OWNER],
        approvals=_to_decide(request),
        published=[] if request.is_any(BUILDERS) else _published(),
    )


def _to_decide(request: Request) -> list[object]:
    """Approvals that wait, without the person's own requests."""
    if not request.is_any(DECIDERS):
        return []
    from appguard.portal.views.approvals import to_decide  # noqa: PLC0415 - only reviewers need it

    return to_decide(request)


def _published() -> list[Card]:
    cards = (card for card in catalog().cards() if card.state is State.ACTIVE)
    return page(cards, Order.NEWEST, None).cards[:6]
