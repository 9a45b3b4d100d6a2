"""One log: its tree rebuilt from its entries, held against every signature."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .bad import Bad, Oddities
from .blame import altered
from .bundles import Bundle, Job, read_bundle
from .cores import Spread
from .dates import Dates
from .merkle import HASH
from .names import TILE
from .notes import Checkpoint
from .tree import MOST_HASHES, Tree

KEPT = "the checkpoint you kept"


@dataclass
class Log:
    """A log being verified, against `heads` in the order of their sizes; the last one is `latest`."""

    folder: Path
    prefix: str
    latest: Checkpoint
    heads: Iterator[Checkpoint]
    late: float | None = None
    size: int = 0
    checkpoints: int = 0
    proven: int = 0
    whole: bool = False
    broken: tuple[Checkpoint, int] | None = None
    fork: Bad | None = None

    def __post_init__(self) -> None:
        self.odd = Oddities(self.prefix)
        self.tree = Tree(self.folder, self.odd)
        self.dates = Dates(self.odd, self.late)

    def verify(self, spread: Spread, *, events: bool) -> Iterator[Bundle]:
        """Rebuild the tree from its entries; hold it against every signature and every hash tile."""
        head = next(self.heads, None)
        for bundle in spread(read_bundle, self._jobs(events)):
            start, done = self.size, 0
            self.size += len(bundle.hashes) // HASH
            self.odd.first = self.odd.first or bundle.odd
            while head and head.size <= self.size:
                self.dates.told(bundle.times[done : head.size - start], start + done, self.latest.size)
                done = head.size - start
                self.tree.lay(bundle.hashes[: done * HASH])
                self._hold(head)
                head = next(self.heads, None)
            self.dates.told(bundle.times[done:], start + done, self.latest.size)
            self.tree.lay(bundle.hashes)
            if len(bundle.hashes) == MOST_HASHES:
                self.tree.full(bundle.root)
            yield bundle
        for last in (head, *self.heads) if head else ():
            self._hold(last)
        self.tree.end()
        if worst := self._broken() or self.odd.first or self.fork:
            raise worst

    def _jobs(self, events: bool) -> Iterator[Job]:
        for start in range(0, self.latest.size, TILE):
            width = min(TILE, self.latest.size - start)
            yield Job(self.folder, self.prefix, start // TILE, width, events)

    def _hold(self, head: Checkpoint) -> None:
        """The tree as far as it is rebuilt must have the root that was signed for its size."""
        if head.root == self.tree.root():
            self.proven = head.size
            self.whole = head.size == self.latest.size
        elif head.path == KEPT:
            self.fork = Bad(f"{self.prefix}checkpoint", f"forked: disagrees with {KEPT} at size {head.size}")
        else:
            self.broken = self.broken or (head, self.proven)
        self.checkpoints += head.path.startswith(f"{self.prefix}checkpoints/")
        self.dates.met(head)

    def _broken(self) -> Bad | None:
        """Why a signature does not fit: of another history, or entries since the last good one differ."""
        if not self.broken:
            return None
        head, proven = self.broken
        if self.whole:
            return Bad(head.path, f"forked: signed for another history than {self.prefix}checkpoint")
        first, last = proven // TILE, max(head.size - 1, 0) // TILE
        jobs = islice(self._jobs(events=False), first, last + 1)
        return altered(head, proven, self.latest.size, jobs, self.prefix)
