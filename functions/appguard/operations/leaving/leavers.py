"""What becomes of the apps of somebody who left: nobody answers for them until somebody does."""

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent
from appguard.kernel.ids import AppId, EventId, PersonId

LEAVERS = Actor.system("operations")
OVER = frozenset({State.RETIRED, State.ARCHIVED})


class Leavers:
    """Marks apps whose owner left, and takes the mark away where the owner is back."""

    def __init__(self, catalog: Catalog) -> None:
        """Mark the apps of `catalog`."""
        self._catalog = catalog

    def follow(self, event: AuditEvent) -> list[AppId]:
        """Do what follows from `event`; doing it twice does nothing more. Says which apps it was about."""
        mark = self._catalog.orphan if event.action == Action.PERSON_DEACTIVATED else self._catalog.reclaim
        apps = self._of(PersonId(event.resource.id))
        for app in apps:
            mark(app.app_id, LEAVERS, EventId.of(event.event_id, app.app_id))
        return [app.app_id for app in apps]

    def _of(self, person_id: PersonId) -> list[App]:
        return [app for app in self._catalog.owned_by(person_id) if app.state not in OVER]
