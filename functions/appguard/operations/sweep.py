"""Doing what is due, found by date: the work grows with what is due, not with the catalog."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import AwareDatetime, BaseModel, Field

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import DueKind
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor
from appguard.kernel.ids import AppId
from appguard.operations.retirement import Retirement
from appguard.operations.suspension import Suspension

logger = logging.getLogger(__name__)
SYSTEM = Actor.system("operations")


class Due(BaseModel):
    """A schedule's event: what was due at its `time` is done, however late it arrives."""

    time: AwareDatetime = Field(default_factory=utc_now)


class Swept(BaseModel):
    """What a sweep did, and what the next one has to look at again."""

    retired: list[AppId] = Field(default_factory=list)
    suspended: list[AppId] = Field(default_factory=list)
    left: list[AppId] = Field(default_factory=list)


@dataclass(frozen=True)
class Sweep:
    """Retires and suspends what is due. Safe to run twice, late, or beside itself."""

    apps: Catalog
    suspension: Suspension
    retirement: Retirement
    clock: Clock = utc_now

    def run(self, today: date | None = None) -> Swept:
        """Retire first, so that an app which is due for both is not suspended on its way out."""
        day, swept = today or self.clock().date(), Swept()
        half_retired = [app.app_id for app in self.apps.in_state(State.RETIRED)]
        ending = [*half_retired, *self.apps.due(DueKind.RETIRE, day)]
        for app_id in dict.fromkeys(ending):
            self._try(lambda a: self.retirement.retire(a, SYSTEM), app_id, swept.retired, swept.left)
        for app_id in self.apps.due(DueKind.IDLE, day):
            if app_id not in ending:
                self._try(self.suspension.suspend, app_id, swept.suspended, swept.left)
        return swept

    def _try(
        self, step: Callable[[AppId], object], app_id: AppId, done: list[AppId], left: list[AppId]
    ) -> None:
        """One app's trouble is left to the next sweep and keeps no other app from its turn."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded on first use

        try:
            changed = step(app_id)
        except (AppGuardError, ClientError):
            logger.exception("left for the next sweep", extra={"app_id": app_id})
            left.append(app_id)
        else:
            if changed:
                done.append(app_id)
