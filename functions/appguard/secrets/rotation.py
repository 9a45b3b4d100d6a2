"""Replacing a secret in the four steps Secrets Manager knows: create, set, test, finish.

The steps are driven from here and found again from the provider's own stages, so that a rotation which
died anywhere is resumed by the next one with the same value. What marks it as unfinished goes last, so
that nothing is left out; every step may be repeated. At no point is a value in force that does not open
what it should: it is set and tested before it is promoted, and what it replaces works on for a while.
"""

from dataclasses import dataclass
from typing import Protocol

from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import EventId
from appguard.secrets.errors import RotationFailed
from appguard.secrets.model import SecretRecord
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider, Stage, Value

SYSTEM = Actor.system("secrets")


class Method(Protocol):
    """What differs between kinds of secrets."""

    def create(self, current: Value | None) -> str:
        """The value that follows `current`."""
        ...

    def set(self, pending: Value, current: Value | None) -> None:
        """Make what the secret opens accept `pending`, without shutting `current` out."""
        ...

    def test(self, pending: Value, current: Value | None) -> None:
        """Raise `RotationFailed` unless `pending` opens it."""
        ...

    def finish(self, pending: Value) -> None:
        """`pending` is in force: limit how long what it replaced still works."""
        ...


class Saves(Protocol):
    """Where records are kept: `store.Records`."""

    def save(self, record: SecretRecord, because: AuditEvent) -> SecretRecord:
        """Write the record with its event."""
        ...


@dataclass(frozen=True)
class Rotation:
    """Drives the steps."""

    provider: Provider
    records: Saves
    clock: Clock

    def rotate(self, record: SecretRecord, method: Method) -> SecretRecord:
        """Replace the secret, or finish what an earlier rotation began; raises `RotationFailed`."""
        name = record.name
        current = self.provider.read(name)
        pending = self.provider.read(name, Stage.PENDING) or self.provider.stage(name, method.create(current))
        method.set(pending, current)
        self._tested(name, method, pending, current)
        self.provider.promote(name, pending)
        method.finish(pending)
        rotated = self.records.save(record.rotated(self.clock()), self._event(record, pending))
        self.provider.settle(name, pending)
        return rotated

    def _tested(self, name: SecretName, method: Method, pending: Value, current: Value | None) -> None:
        """A value that does not work is given up, so that the next rotation begins with another."""
        try:
            method.test(pending, current)
        except RotationFailed:
            self.provider.settle(name, pending)
            raise

    def _event(self, record: SecretRecord, pending: Value) -> AuditEvent:
        return AuditEvent.of(
            Action.SECRET_ROTATED,
            SYSTEM,
            Resource(type="secret", id=record.name),
            self.clock(),
            event_id=EventId.of(Action.SECRET_ROTATED, record.name, pending.version),
            app_id=record.app_id,
            version_id=pending.version,
        )
