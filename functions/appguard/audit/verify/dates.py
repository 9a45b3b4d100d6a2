"""What can be said of dates: what stands after a checkpoint was sealed after it."""

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime

from .bad import Oddities
from .names import bundle_name
from .notes import Checkpoint


@dataclass
class Dates:
    """The checkpoints met so far by their dates: the last one a witness saw, the first none saw since."""

    odd: Oddities
    late: float | None = None
    cosigned: Checkpoint | None = None
    unseen: Checkpoint | None = None
    sealed: float | None = None

    def met(self, head: Checkpoint) -> None:
        """Time goes on: what is after this head was sealed after it."""
        if head.seen:
            if self.cosigned and self.cosigned.seen and head.seen < self.cosigned.seen:
                name = head.path.removeprefix(self.odd.prefix)
                self.odd.note(name, "back-dated: cosigned before a smaller one")
            self.cosigned, self.unseen = head, None
        elif head.stored and (not self.cosigned or head.size > self.cosigned.size):
            self.unseen = self.unseen or head
        if known := head.seen or head.stored:
            self.sealed = known.timestamp()

    def told(self, times: "array[float]", first: int, size: int) -> None:
        """No event from entry `first` on says that it happened long before what is in front was signed."""
        if not times or self.sealed is None or self.late is None or min(times) >= self.sealed - self.late:
            return
        entry = first + next(at for at, seconds in enumerate(times) if seconds < self.sealed - self.late)
        says, signed = (datetime.fromtimestamp(one, UTC) for one in (times[entry - first], self.sealed))
        reason = f"back-dated: entry {entry} says {says}, but what is before it was signed at {signed}"
        self.odd.note(bundle_name(entry, size), reason)
