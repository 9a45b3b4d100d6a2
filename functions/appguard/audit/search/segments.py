"""The index's files: which entries each holds is said by its name alone.

A log is cut into segments of `WIDTH` entries. A full segment never changes; the last one is written anew
under another name as the log grows. Nothing else is kept: what is listed is what is indexed. Nobody
deletes: what stands under `growing/` goes by itself after some days, and is made anew if it was the last.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from appguard.audit.search.fact import microseconds
from appguard.audit.search.filters import Filters
from appguard.audit.search.place import Cursor
from appguard.kernel.event import RetentionClass

WIDTH = 131_072
FORMAT = 1
"""Raised when rows say something else: the index is then made anew beside the old one."""

GROWING = "growing/"
_KEY = re.compile(rf"(?:{GROWING})?{FORMAT}/([137]y)/(\d+)-(\d+)-(\d+)-(\d+)\.parquet")


@dataclass(frozen=True)
class Segment:
    """Entries `start` to before `end` of a log; the times are those of its oldest and newest event."""

    log: RetentionClass
    start: int
    end: int
    oldest: int
    newest: int

    @property
    def key(self) -> str:
        """Where it is kept."""
        span = f"{self.start:012d}-{self.end:012d}-{self.oldest}-{self.newest}"
        return f"{'' if self.full else GROWING}{FORMAT}/{self.log}/{span}.parquet"

    @classmethod
    def named(cls, key: str) -> Self | None:
        """The segment kept there; None for what is none of this format."""
        if found := _KEY.fullmatch(key):
            return cls(RetentionClass(found[1]), *(int(number) for number in found.groups()[1:]))
        return None

    @property
    def full(self) -> bool:
        """Whether it will never change."""
        return self.end - self.start == WIDTH


def folders(log: RetentionClass) -> tuple[str, str]:
    """Where the segments of a log are kept: full ones, and those that grow."""
    return f"{FORMAT}/{log}/", f"{GROWING}{FORMAT}/{log}/"


def current(listed: Iterable[Segment]) -> list[Segment]:
    """The segments of one log that follow each other from its first entry on, without those outgrown."""
    longest: dict[int, Segment] = {}
    for segment in sorted(listed, key=lambda one: one.end):
        longest[segment.start] = segment
    found: list[Segment] = []
    while following := longest.get(reach(found)):
        found.append(following)
    return found


def reach(segments: list[Segment]) -> int:
    """Up to which entry the log is indexed by these, as `current` gives them."""
    return segments[-1].end if segments else 0


def may_hold(segment: Segment, filters: Filters, before: Cursor | None) -> bool:
    """Whether hits can be in it, by their time."""
    return not (
        (filters.since and segment.newest < microseconds(filters.since))
        or (filters.until and segment.oldest >= microseconds(filters.until))
        or (before and segment.oldest > before.micros)
    )
