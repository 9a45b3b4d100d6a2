"""Switching an app off that nobody uses, and on again when its owner confirms the need."""

from dataclasses import dataclass

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.model import App
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.operations.access import must_be_allowed_to_recertify, must_be_allowed_to_stop
from appguard.operations.resuming import Lapsed, once, resume
from appguard.provisioning.provisioner import Provisioner

SYSTEM = Actor.system("operations")


@dataclass(frozen=True)
class Suspension:
    """Suspends and recertifies. Each step may be repeated; what died in between is done by the next call.

    `lapsed` gives the exceptions an app still needs and nobody accepts any more.
    """

    apps: Catalog
    provisioner: Provisioner
    lapsed: Lapsed

    def suspend(self, app_id: AppId, reason: str = "idle", by: Actor = SYSTEM, note: str = "") -> App | None:
        """Stop the function, then write the state: as long as that is missing the next sweep repeats it.

        None when the app is not active, so that there is nothing to suspend.
        """
        app = self.apps.get(app_id)
        if app.state is not State.ACTIVE:
            return None
        must_be_allowed_to_stop(app, by)
        self.provisioner.pause(app_id)
        return self.apps.advance(
            app_id, Trigger.SUSPENDED, by, event_id=once("suspended", app), reason=reason, note=note
        )

    def recertify(self, app_id: AppId, by: Actor, note: str = "") -> App:
        """The owner needs it: the function runs again, then the app is active with new dates.

        Not as long as an exception has lapsed: an owner's word cannot stand in for a reviewer's.
        Until the state is written the broker gives it no data, so a crash in between opens nothing.
        """
        app = self.apps.get(app_id)
        must_be_allowed_to_recertify(app, by)
        app.advanced(Trigger.RECERTIFIED)
        resume(app, self.provisioner, self.lapsed, "recertified")
        return self.apps.recertify(app_id, by, once("recertified", app), note)
