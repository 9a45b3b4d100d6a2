"""Placing and releasing legal holds: a row and an entry in one transaction, then the objects."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from appguard.audit.hold_store import HoldStore
from appguard.audit.holds import Hold, OfApp, OfRange, held_keys, sizes
from appguard.audit.outbox import Outbox
from appguard.audit.reader import Reader
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import NotFound
from appguard.kernel.event import Actor, AuditEvent, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Holding:
    """The legal holds of one ledger."""

    store: HoldStore
    reader: Reader
    outbox: Outbox
    clock: Clock = utc_now

    def place(self, scope: OfApp | OfRange, reason: str, by: Actor) -> tuple[Hold, int]:
        """Hold what `scope` covers now; returns the hold, and how many objects are under it.

        Killed half-way, `renew` does the rest.
        """
        name = f"hold-{secrets.token_hex(6)}"
        hold = Hold(
            name=name, scope=scope, reason=reason, by=by.id, since=self.clock(), sizes=sizes(self.reader)
        )
        keys = held_keys(self.reader, hold)
        if not keys:
            raise NotFound(f"no entry is about {scope.words}")
        self.outbox.commit([self.store.add(hold)], self._event(Action.LEDGER_HELD, hold, reason, by))
        self._set(keys, on=True)
        return hold, len(keys)

    def renew(self) -> int:
        """Put every hold in force on its objects again; returns how many objects are held."""
        keys = self._kept()
        self._set(keys, on=True)
        return len(keys)

    def release(self, name: str, reason: str, by: Actor) -> int:
        """End a hold; returns how many objects no hold keeps any longer."""
        hold = self.store.find(name)
        if hold is None:
            raise NotFound(f"there is no hold {name}", "`appguard audit holds` lists those in force.")
        self.outbox.commit([self.store.remove(hold)], self._event(Action.LEDGER_RELEASED, hold, reason, by))
        free = held_keys(self.reader, hold) - self._kept()
        self._set(free, on=False)
        return len(free)

    def _kept(self) -> set[str]:
        return set().union(*(held_keys(self.reader, hold) for hold in self.store.in_force()))

    def _set(self, keys: "Iterable[str]", *, on: bool) -> None:
        for key in sorted(keys):
            self.store.set_hold(key, on=on)

    def _event(self, action: Action, hold: Hold, reason: str, by: Actor) -> AuditEvent:
        about = Resource(type="hold", id=hold.name)
        app = hold.scope.app_id if isinstance(hold.scope, OfApp) else None
        return AuditEvent.of(
            action, by, about, self.clock(), app_id=app, reason=reason, scope=hold.scope.words
        )
