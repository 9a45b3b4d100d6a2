import pytest

from appguard.portal import guard, handler
from appguard.portal.routes import ROUTES
from tests.unit.portal.world import told

CHANGES_NOTHING = {
    "/api/risk",
    "/guide",
    "/my/<app_id>/check",
    "/my/<app_id>/fix",
    "/my/<app_id>/preview/<page_id>",
    "/policies/impact/compare",
    "/preferences",
}
# Another does it, for whom these tests have a stand-in; that it tells is seen where that is tested.
TOLD_BY_WHOM_THEY_ASK = {
    "/my/<app_id>/recertify",
    "/my/<app_id>/retire",
    "/my/<app_id>/suspend",
    "/my/<app_id>/lock",
    "/my/<app_id>/release",
    "/persons",
    "/persons/decide",
}


@pytest.fixture(autouse=True)
def _every_change_is_told(portal, monkeypatch):
    """Whatever view is tested: a form that was accepted has left an event in the outbox."""
    quiet = CHANGES_NOTHING | TOLD_BY_WHOM_THEY_ASK
    assert quiet <= {route.path for route in ROUTES if route.method == "POST"}
    untold = []

    def watched(route, request):
        before = len(told())
        reply = guard.answer(route, request)
        if (
            route.method == "POST"
            and reply.status == 303
            and route.path not in quiet
            and len(told()) == before
        ):
            untold.append(route.path)
        return reply

    monkeypatch.setattr(handler, "answer", watched)
    yield
    assert untold == [], "a form was accepted and the ledger does not know"
