"""Taking an app out of service for good, with its records kept."""

from dataclasses import dataclass

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State, Trigger
from appguard.apps.model import App
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId, EventId
from appguard.operations.access import must_answer_for
from appguard.operations.archive import Archive
from appguard.operations.errors import RemovalUnderWay
from appguard.provisioning.provisioner import Provisioner


@dataclass(frozen=True)
class Retirement:
    """Retires apps. Every step may be repeated, so whoever finds a half-retired app finishes it."""

    apps: Catalog
    provisioner: Provisioner
    archive: Archive

    def retire(self, app_id: AppId, by: Actor, note: str = "") -> App:
        """Cut its access, archive its records, delete what it ran on, and close its record.

        Raises `RemovalUnderWay` while its stack is still being deleted; the next sweep goes on from there.
        """
        app = self.apps.get(app_id)
        if app.state is State.ARCHIVED:
            return app
        if app.state is not State.RETIRED:
            must_answer_for(app, by)
            app = self.apps.advance(
                app_id, Trigger.RETIRED, by, event_id=EventId.of(Action.APP_RETIRED, app_id), note=note
            )
        self.provisioner.pause(app_id)
        where = self.archive.keep(app)
        if not self.provisioner.remove(app_id):
            raise RemovalUnderWay(f"the stack of {app_id} is still being deleted")
        return self.apps.advance(
            app_id, Trigger.ARCHIVED, by, event_id=EventId.of(Action.APP_ARCHIVED, app_id), archive=where
        )
