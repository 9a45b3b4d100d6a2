"""Locking an app while security looks into it, and letting it go again."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.model import App
from appguard.kernel.errors import Conflict
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId, EventId
from appguard.operations.errors import ExceptionLapsed, NotSecurity
from appguard.provisioning.provisioner import Provisioner

MAY_RELEASE = frozenset({Role.SECURITY})
MAY_LOCK = MAY_RELEASE | {Role.OPERATOR}


@dataclass(frozen=True)
class Quarantine:
    """Security and operators lock, security alone releases. A locked app gets no data from the write on.

    `lapsed` gives the exceptions an app still needs and nobody accepts any more.
    """

    apps: Catalog
    provisioner: Provisioner
    lapsed: Callable[[AppId], Collection[object]]

    def lock(self, app_id: AppId, by: Actor, note: str) -> App:
        """First the state, which cuts off data, then the function: what is left is done by locking again."""
        app = _allowed(self.apps.get(app_id), by, MAY_LOCK)
        if app.state is not State.QUARANTINED:
            once = _once("quarantined", app)
            app = self.apps.advance(app_id, Trigger.QUARANTINED, by, event_id=once, note=note)
        self.provisioner.pause(app_id)
        return app

    def release(self, app_id: AppId, by: Actor, note: str) -> App:
        """The function runs again, then the app is active. Not while an exception has lapsed."""
        app = _allowed(self.apps.get(app_id), by, MAY_RELEASE)
        app.advanced(Trigger.RELEASED)
        if app.publication is None:
            raise Conflict("only a published app can be released")
        if self.lapsed(app_id):
            raise ExceptionLapsed("what a reviewer had accepted about this app has expired or was revoked")
        self.provisioner.resume(app_id, app.publication.bundle_digest)
        return self.apps.advance(app_id, Trigger.RELEASED, by, event_id=_once("released", app), note=note)


def _allowed(app: App, by: Actor, roles: frozenset[Role]) -> App:
    if by.role not in roles:
        raise NotSecurity(f"locking and releasing {app.app_id} is not for the role {by.role}")
    return app


def _once(fact: str, app: App) -> EventId:
    return EventId.of(f"app.{fact}", app.app_id, str(app.version))
