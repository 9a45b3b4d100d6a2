"""Doing what is due, found by date: the work grows with what is due, not with the catalog."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import BaseModel, Field

from appguard.approvals.exceptions.exceptions import Exceptions
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
T = TypeVar("T", bound=str)


class Swept(BaseModel):
    """What a sweep did, and what the next one has to look at again."""

    retired: list[AppId] = Field(default_factory=list)
    suspended: list[AppId] = Field(default_factory=list)
    expired: list[str] = Field(default_factory=list)
    left: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Sweep:
    """Retires, suspends and lets expire what is due. Safe to run twice, late, or beside itself."""

    apps: Catalog
    suspension: Suspension
    retirement: Retirement
    exceptions: Exceptions
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
        for exception in self.exceptions.due(day):
            self._try(self.exceptions.expire, exception, swept.expired, swept.left)
        return swept

    def _try(self, step: Callable[[T], object], what: T, done: list[T], left: list[str]) -> None:
        """One's trouble is left to the next sweep and keeps no other from its turn."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded on first use

        try:
            changed = step(what)
        except (AppGuardError, ClientError):
            logger.exception("left for the next sweep", extra={"due": what})
            left.append(what)
        else:
            if changed:
                done.append(what)
