"""What an app may touch, asked of the catalog and remembered for at most five seconds."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId

if TYPE_CHECKING:
    from appguard.apps.model import Permit

KEEP_SECONDS = 4.0
MAX_APPS = 1000


class GrantCache:
    """Grants by app. A withdrawn grant stops working within five seconds, a new one works at once."""

    def __init__(
        self, ask: "Callable[[AppId], Permit | None]", now: Callable[[], float] = time.monotonic
    ) -> None:
        """Remember what `ask` answers."""
        self._ask = ask
        self._now = now
        self._kept: dict[AppId, tuple[float, Permit]] = {}

    def of(self, app_id: AppId) -> "Permit | None":
        """What the app may touch, or None unless it is active."""
        asked_at = self._now()
        kept = self._kept.get(app_id)
        if kept and asked_at - kept[0] < KEEP_SECONDS:
            return kept[1]
        self._kept.pop(app_id, None)
        try:
            permit = self._ask(app_id)
        except NotFound:
            return None
        if permit is not None:
            if len(self._kept) >= MAX_APPS:
                self._kept.clear()
            self._kept[app_id] = (asked_at, permit)
        return permit
