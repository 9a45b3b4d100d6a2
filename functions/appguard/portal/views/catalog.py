"""The catalog: which apps there are."""

from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.portal import render
from appguard.portal.access import READERS
from appguard.portal.http import Reply, Request

PAGE = 60


def show(request: Request) -> Reply:
    """Published apps by words; those who watch over apps may also look at every other state."""
    words, state = request.query.get("q", "").strip()[:100], _state(request)
    found = _search(words, state)
    return render.page(
        "_catalog_results.html" if request.partial else "catalog.html",
        request,
        q=words,
        state=state,
        states=list(State) if request.is_any(READERS) else [],
        apps=found[:PAGE],
        count=len(found),
    )


def _state(request: Request) -> State:
    asked = request.query.get("state", State.ACTIVE.value)
    allowed = request.is_any(READERS) and asked in set(State)
    return State(asked) if allowed else State.ACTIVE


def _search(words: str, state: State) -> list[App]:
    if state is State.ACTIVE:
        return catalog().published(words)
    wanted = words.casefold().split()
    return [
        app
        for app in catalog().in_state(state)
        if all(word in f"{app.name} {app.description} {app.team}".casefold() for word in wanted)
    ]
