"""How far every destination is, and going back to send something once more."""

from collections.abc import Iterator
from datetime import datetime

from appguard.audit.checkpoint import size_of
from appguard.audit.reader import Reader
from appguard.kernel.errors import Invalid, NotFound
from appguard.kernel.event import Actor, RetentionClass
from appguard.kernel.record import Record
from appguard.siem.events import rewound
from appguard.siem.lag import lags
from appguard.siem.model import DestinationName, Rejection
from appguard.siem.store import deliveries

SHOWN = 1000


class Standing(Record):
    """One destination and one log. `lag_seconds` is the age of the oldest entry that waits."""

    destination: DestinationName
    log: RetentionClass
    position: int
    size: int
    lag_seconds: float
    state: str

    @property
    def waiting(self) -> int:
        """Entries that have not arrived."""
        return max(0, self.size - self.position)


def standings(ledger: Reader, now: datetime) -> Iterator[Standing]:
    """Every destination something was ever delivered to, and every log that has entries."""
    store = deliveries()
    for name in DestinationName:
        state = store.state(name)
        if state is None:
            continue
        positions = {log: store.position(name, log) for log in RetentionClass}
        late = lags(ledger, positions.__getitem__, now)
        for log, position in positions.items():
            if size := _size(ledger, log):
                yield Standing(
                    destination=name,
                    log=log,
                    position=position,
                    size=size,
                    lag_seconds=late[log.value],
                    state=state,
                )


def set_aside() -> dict[DestinationName, list[Rejection]]:
    """What destinations would not take, of those that refused something."""
    found = {name: deliveries().rejected(name, SHOWN) for name in DestinationName}
    return {name: refused for name, refused in found.items() if refused}


def rewind(name: DestinationName, log: RetentionClass, to: int, by: Actor, at: datetime) -> int:
    """Have everything from entry `to` on sent once more; returns how many entries that is.

    Raises `NotFound` for a destination nothing was delivered to, `Invalid` for an entry it has not reached,
    and `StaleVersion` when a run moved on meanwhile.
    """
    store = deliveries()
    if store.state(name) is None:
        raise NotFound(f"nothing was ever delivered to {name}")
    before = store.position(name, log)
    if not 0 <= to < before:
        raise Invalid(
            f"{name} has the entries of {log} up to {before}, not including it", "Name an earlier one."
        )
    store.rewind(name, log, before, to, rewound(name, log, before, to, by, at))
    return before - to


def _size(ledger: Reader, log: RetentionClass) -> int:
    note = ledger.checkpoint(log)
    return size_of(note) if note else 0
