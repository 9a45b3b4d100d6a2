"""Who may say what becomes of an app."""

from appguard.apps.model import App
from appguard.kernel.event import Actor, Role
from appguard.operations.errors import NotTheOwner

PLATFORM = frozenset({Role.PLATFORM, Role.SYSTEM})


def must_answer_for(app: App, by: Actor) -> None:
    """Raise `NotTheOwner` unless `by` owns the app or acts for the platform."""
    if by.id != app.owner and by.role not in PLATFORM:
        raise NotTheOwner(f"{app.app_id} belongs to somebody else")
