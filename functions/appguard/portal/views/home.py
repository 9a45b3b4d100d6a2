"""Home: what waits for me, and my apps with what to do next."""

from datetime import timedelta

from appguard.access.access import access
from appguard.access.model import Answered, Asked
from appguard.approvals.exceptions.exceptions import exceptions
from appguard.approvals.model import ApprovalBase
from appguard.apps.card import Card
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.apps.pages import Order, page
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.portal import render, todo
from appguard.portal.access import BUILDERS, DECIDERS, LENDERS
from appguard.portal.guide import guide
from appguard.portal.http import Reply, Request
from appguard.portal.todo import Todo
from appguard.portal.views.approvals import to_decide
from appguard.portal.views.connectors import MAX_WORDS

OVER = frozenset({State.RETIRED, State.ARCHIVED})
REMEMBERED = timedelta(days=14)
"""How long an answer to a question stays on the asker's home page."""
OPENED = 6


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
        todos=_todos(request, mine),
        questions=_questions(request),
        asked=_asked(request),
        next=todo.NEXT,
        max_words=MAX_WORDS,
        published=[] if request.is_any(BUILDERS) else _published(),
    )


def _todos(request: Request, mine: list[App]) -> list[Todo]:
    """What only this person can do, the decisions others wait for first."""
    found = list(todo.decisions(_to_decide(request)))
    found += todo.offers(catalog().offered_to(request.person.email) if request.is_any(BUILDERS) else ())
    found += todo.own_apps(mine, utc_now().date())
    if not (mine or request.is_any(DECIDERS)):
        return found
    now, rules = utc_now(), review_policy().exceptions
    soon = [each for each in exceptions().listed("open") if rules.soon(each.expires_at, now)]
    ids = {app.app_id for app in mine}
    found += todo.ending(each for each in soon if each.app_id in ids)
    others = sum(each.app_id not in ids for each in soon) if request.is_any(DECIDERS) else 0
    return [*found, *todo.to_renew(others)]


def _to_decide(request: Request) -> list[ApprovalBase]:
    """Versions that wait for this person's word."""
    waiting = to_decide(request) if request.is_any(DECIDERS) else ()
    return [each for each in waiting if isinstance(each, ApprovalBase)]


def _questions(request: Request) -> list[Asked | Answered]:
    """Questions about connectors that a data owner answers; nobody their own."""
    if not request.is_any(LENDERS):
        return []
    return [each for each in access().waiting() if each.by != request.person.id]


def _asked(request: Request) -> list[Asked | Answered]:
    """What the person asked: as long as it waits, and for a while after it was answered."""
    if not request.is_any(BUILDERS):
        return []
    since = utc_now() - REMEMBERED
    return [
        each
        for each in access().of_person(request.person)
        if isinstance(each, Asked) or each.answered_at >= since
    ]


def _published() -> list[Card]:
    cards = (card for card in catalog().cards() if card.state is State.ACTIVE)
    return page(cards, Order.NEWEST, None).cards[:OPENED]
