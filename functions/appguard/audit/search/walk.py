"""From the newest segment to the oldest, until a page is full or the time is over."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from appguard.audit.search.place import Cursor
from appguard.audit.search.segments import Segment

FIRST_WAVE = 8
"""Segments asked together at first; each further wave is twice as wide."""

Ask = Callable[[Sequence[Segment]], list[Cursor]]


@dataclass(frozen=True)
class Stretch:
    """The newest hits, the latest first. `horizon` is where looking ended before its end."""

    hits: list[Cursor]
    horizon: Cursor | None = None


def newest(
    segments: Iterable[Segment],
    ask: Ask,
    known: Iterable[Cursor],
    before: Cursor | None,
    limit: int,
    time_is_over: Callable[[], bool],
) -> Stretch:
    """The `limit` newest of the `known` hits and those `ask` finds, each wave giving at most `limit`.

    Segments overlap in time, so a hit counts once no segment left can hold a newer one. However short the
    time, looking goes on until it ends earlier than `before`, where this page began: pages come to an end.
    """
    waiting = sorted(segments, key=lambda one: one.newest, reverse=True)
    hits = sorted(known, reverse=True)[:limit]
    width = FIRST_WAVE
    while waiting and len(_certain(hits, waiting)) < limit:
        hits = sorted({*hits, *ask(waiting[:width])}, reverse=True)[:limit]
        waiting, width = waiting[width:], width * 2
        if waiting and time_is_over() and (before is None or waiting[0].newest < before.micros):
            break
    certain = _certain(hits, waiting)
    if not waiting or len(certain) == limit:
        return Stretch(certain)
    return Stretch(certain, Cursor(waiting[0].newest))


def _certain(hits: list[Cursor], waiting: list[Segment]) -> list[Cursor]:
    """Hits newer than everything that was not looked through."""
    return [hit for hit in hits if not waiting or hit.micros > waiting[0].newest]
