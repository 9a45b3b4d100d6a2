"""Who may say what becomes of an app."""

from appguard.apps.model import App
from appguard.kernel.event import Actor, Role
from appguard.operations.errors import NotTheOwner

PLATFORM = frozenset({Role.PLATFORM, Role.SYSTEM})
MAY_RECERTIFY = PLATFORM | {Role.OPERATOR}
MAY_STOP = MAY_RECERTIFY | {Role.SECURITY}


def must_answer_for(app: App, by: Actor) -> None:
    """Raise `NotTheOwner` unless `by` owns the app or acts for the platform."""
    _one_of(app, by, PLATFORM)


def must_be_allowed_to_recertify(app: App, by: Actor) -> None:
    """Raise `NotTheOwner` unless `by` owns the app, operates apps or acts for the platform."""
    _one_of(app, by, MAY_RECERTIFY)


def must_be_allowed_to_stop(app: App, by: Actor) -> None:
    """Raise `NotTheOwner` unless `by` owns the app, operates apps, or acts for the platform or security."""
    _one_of(app, by, MAY_STOP)


def _one_of(app: App, by: Actor, roles: frozenset[Role]) -> None:
    if by.id != app.owner and by.role not in roles:
        raise NotTheOwner(f"{app.app_id} belongs to somebody else")
