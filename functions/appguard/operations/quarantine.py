"""Locking an app while security looks into it, and letting it go again."""

from dataclasses import dataclass

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.model import App
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId
from appguard.operations.errors import NotSecurity
from appguard.operations.resuming import Lapsed, once, resume
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
    lapsed: Lapsed

    def lock(self, app_id: AppId, by: Actor, note: str) -> App:
        """First the state, which cuts off data, then the function: what is left is done by locking again."""
        app = _allowed(self.apps.get(app_id), by, MAY_LOCK)
        if app.state is not State.QUARANTINED:
            locked = once("quarantined", app)
            app = self.apps.advance(app_id, Trigger.QUARANTINED, by, event_id=locked, note=note)
        self.provisioner.pause(app_id)
        return app

    def release(self, app_id: AppId, by: Actor, note: str) -> App:
        """The function runs again, then the app is active. Not while an exception has lapsed."""
        app = _allowed(self.apps.get(app_id), by, MAY_RELEASE)
        app.advanced(Trigger.RELEASED)
        resume(app, self.provisioner, self.lapsed, "released")
        return self.apps.advance(app_id, Trigger.RELEASED, by, event_id=once("released", app), note=note)


def _allowed(app: App, by: Actor, roles: frozenset[Role]) -> App:
    if by.role not in roles:
        raise NotSecurity(f"locking and releasing {app.app_id} is not for the role {by.role}")
    return app
