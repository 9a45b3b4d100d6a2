"""The way of a first app in five steps, ticked by what has happened; and what a browser remembers of it."""

import re
from typing import NamedTuple

from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.apps.templates import untouched
from appguard.kernel.ids import AppId
from appguard.portal.cookies import Cookie, name_of
from appguard.portal.drafting import saved
from appguard.portal.http import Request

GUIDE, TRIED = "appguard_guide", "appguard_tried"
QUARTER = 90 * 24 * 3600
MOST_TRIED = 20
_HAD_A_REVIEW = frozenset(State) - {State.DRAFT}


class GuideStep(NamedTuple):
    """One step: what to do, what it is for, where, and whether it is done."""

    title: str
    about: str
    link: str
    done: bool


class Guide(NamedTuple):
    """The steps of one app; `next` is the first that is not done."""

    app: App
    steps: tuple[GuideStep, ...]

    @property
    def next(self) -> GuideStep | None:
        """What to do now."""
        return next((step for step in self.steps if not step.done), None)


def guide(request: Request, app: App) -> Guide | None:
    """The guide to an app of the person's; None once they have put it away or the app has gone its way."""
    over = app.state in {State.RETIRED, State.ARCHIVED, State.QUARANTINED, State.SUSPENDED}
    if over or app.draft is None or app.owner != request.person.id or request.cookies.get(name_of(GUIDE)):
        return None
    return Guide(app, _steps(app, tried=app.app_id in tried(request), edited=not untouched(saved(app))))


def tried(request: Request) -> list[str]:
    """The apps this browser has tried, the last one last. Whatever it says, it only ticks a box."""
    said = request.cookies.get(name_of(TRIED), "").split(".")
    return [one for one in said if re.fullmatch(AppId.pattern, one)][-MOST_TRIED:]


def tried_now(request: Request, app: App) -> Cookie:
    """The cookie that remembers that this app was tried."""
    others = [one for one in tried(request) if one != app.app_id]
    return Cookie(name_of(TRIED), ".".join([*others, app.app_id][-MOST_TRIED:]), QUARTER)


def put_away(away: bool) -> Cookie:
    """The cookie that remembers that the guide was put away, or its removal."""
    return Cookie(name_of(GUIDE), "away" if away else "", QUARTER if away else 0)


def _steps(app: App, *, tried: bool, edited: bool) -> tuple[GuideStep, ...]:
    here = f"/my/{app.app_id}"
    was_submitted = app.state in _HAD_A_REVIEW
    return (
        GuideStep(
            "Say what it is for", "Purpose, users and data: from these comes the risk.", here, done=True
        ),
        GuideStep(
            "Make it yours",
            "Pages, fields and columns, by form or as text. Checks say at once what would be refused.",
            f"{here}/edit",
            done=edited,
        ),
        GuideStep(
            "Try it", "On made-up data, as colleagues will see it.", f"{here}/edit#preview", done=tried
        ),
        GuideStep(
            "Submit it",
            "The checks run in seconds; from medium risk on a reviewer is asked.",
            f"{here}#submit",
            done=was_submitted,
        ),
        GuideStep(
            "Tell your colleagues",
            "Once published it is in the catalog and has an address of its own.",
            app.publication.url if app.publication else here,
            done=app.publication is not None,
        ),
    )
