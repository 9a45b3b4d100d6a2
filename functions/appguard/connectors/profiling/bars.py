"""Histograms in which every bar speaks of enough people, over a grid that no value has moved.

Cells of a fixed grid are halved and halved again, at multiples of powers of two. A bar is halved only
where each half holds nobody or at least `k` people, so no bar and no edge tells of fewer. Values
beyond the `k`-th person from either end count as that person's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

People = tuple[frozenset[int], ...]
"""Whom rows are about: the persons in each of the columns that name one."""


class Cell(NamedTuple):
    """What lies in one cell of the grid: how many values, and of whom."""

    values: int
    people: People


class Bar(NamedTuple):
    """From one cell up to, not including, another, and its share of all values."""

    from_: int
    until: int
    share: float


def bars(cells: Mapping[int, Cell], k: int) -> tuple[Bar, ...]:
    """The finest histogram that may be told; none at all of fewer than `k` people."""
    if _fewest(cells.values()) < k:
        return ()
    kept = _clipped(cells, k)
    start, width = _whole(min(kept), max(kept))
    total = sum(cell.values for cell in kept.values())
    return tuple(
        Bar(first, until, round(values / total, 2)) for first, until, values in _halved(start, width, kept, k)
    )


def _whole(lowest: int, highest: int) -> tuple[int, int]:
    """Start and width of the smallest part of the grid that holds both; around zero it is halved there."""
    width = 1
    while lowest // width != highest // width:
        if -width <= lowest and highest < width:
            return -width, 2 * width
        width *= 2
    return lowest // width * width, width


def _halved(start: int, width: int, cells: Mapping[int, Cell], k: int) -> Iterator[tuple[int, int, int]]:
    inside = {n: cell for n, cell in cells.items() if start <= n < start + width}
    half = width // 2
    left = {n: cell for n, cell in inside.items() if n < start + half}
    right = {n: cell for n, cell in inside.items() if n >= start + half}
    if half and all(not part or _fewest(part.values()) >= k for part in (left, right)):
        yield from _halved(start, half, left, k)
        yield from _halved(start + half, half, right, k)
    elif inside:
        yield start, start + width, sum(cell.values for cell in inside.values())


def _clipped(cells: Mapping[int, Cell], k: int) -> dict[int, Cell]:
    """The cells, with those beyond the `k`-th person from an end moved into that person's."""
    low = _kth(sorted(cells), cells, k)
    high = max(low, _kth(sorted(cells, reverse=True), cells, k))
    kept: dict[int, Cell] = {}
    for n, cell in cells.items():
        at = min(max(n, low), high)
        there = kept.get(at, Cell(0, ()))
        kept[at] = Cell(there.values + cell.values, _together([there.people, cell.people]))
    return kept


def _kth(order: Sequence[int], cells: Mapping[int, Cell], k: int) -> int:
    """The first cell in this order by which `k` people have come."""
    seen: People = ()
    for n in order:
        seen = _together([seen, cells[n].people])
        if _count(seen) >= k:
            return n
    return order[-1]


def _fewest(cells: Iterable[Cell]) -> int:
    """How many people these cells speak of."""
    return _count(_together(cell.people for cell in cells))


def _count(people: People) -> int:
    """Of a row that names several, each column must hide its own."""
    return min(map(len, people), default=0)


def _together(groups: Iterable[People]) -> People:
    named = [people for people in groups if people]
    return tuple(frozenset[int]().union(*column) for column in zip(*named, strict=True))
