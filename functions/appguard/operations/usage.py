"""Noticing that an app is used: once a day is enough to keep it from being called idle."""

from dataclasses import dataclass, field
from datetime import date

from appguard.apps.catalog import Catalog
from appguard.kernel.event import AuditEvent, Result
from appguard.kernel.ids import AppId

REMEMBERED = 10_000


@dataclass(frozen=True)
class Usage:
    """Moves idle dates. Remembers what this process has written, so that a busy app costs one write a day."""

    apps: Catalog
    seen: set[tuple[AppId, date]] = field(default_factory=set)

    def touch(self, event: AuditEvent) -> bool:
        """Note that the event's app was used on its day; says whether that was news to this process."""
        if event.app_id is None or event.result is not Result.SUCCESS:
            return False
        use = (event.app_id, event.timestamp.date())
        if use in self.seen:
            return False
        self.apps.used(*use)
        if len(self.seen) >= REMEMBERED:
            self.seen.clear()
        self.seen.add(use)
        return True
