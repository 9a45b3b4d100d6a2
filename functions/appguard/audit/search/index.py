"""Bringing the index up to what is signed: from the ledger alone, any number of times, by anyone."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from appguard.audit.reader import Reader
from appguard.audit.search.fact import fact_of
from appguard.audit.search.reading import between
from appguard.audit.search.segments import WIDTH, Segment, reach
from appguard.audit.search.table import write
from appguard.audit.waiting import waiting
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import RetentionClass


class Shelf(Protocol):
    """Where segments are kept."""

    def segments(self, log: RetentionClass) -> list[Segment]:
        """The segments of a log, as `segments.current` gives them."""
        ...

    def fetch(self, segment: Segment, file: Path) -> None:
        """Copy a segment to `file`."""
        ...

    def put(self, segment: Segment, file: Path) -> None:
        """Keep `file` as this segment."""
        ...


class Progress(NamedTuple):
    """How far the index is."""

    indexed: int
    signed: int
    lag: float
    """Seconds since the oldest entry happened that is signed and not indexed."""


def bring_up_to_date(
    reader: Reader, shelf: Shelf, time_is_over: Callable[[], bool], clock: Clock = utc_now
) -> Progress:
    """Index what is signed and was not yet, segment by segment; what there is no time for waits.

    Runs at once do no harm: the same entries give the same segment, and the longest counts.
    """
    indexed, signed, lag = 0, 0, 0.0
    for log in RetentionClass:
        size, done = reader.size(log), reach(shelf.segments(log))
        while done < size and not time_is_over():
            done = _grow(reader, shelf, log, size)
        indexed, signed, lag = indexed + done, signed + size, max(lag, waiting(reader, log, done, clock()))
    return Progress(indexed, signed, lag)


def _grow(reader: Reader, shelf: Shelf, log: RetentionClass, size: int) -> int:
    """Fill the last segment, or begin one; gives up to which entry the log is indexed then."""
    segments = shelf.segments(log)
    done = reach(segments)
    start = done - done % WIDTH
    end = min(start + WIDTH, size)
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name, "old.parquet"), Path(name, "new.parquet")
        if done > start:
            shelf.fetch(segments[-1], old)
        facts = (fact_of(entry) for entry in between(reader, log, done, end, size))
        oldest, newest = write(facts, new, old if done > start else None)
        shelf.put(Segment(log, start, end, oldest, newest), new)
    return end
