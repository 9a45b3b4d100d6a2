"""Many bundles at once, in the order of their entries."""

import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from .bundles import Bundle, Job
from .merkle import HASH

FEW = 64
"""So many bundles are not worth starting processes for."""

Spread = Callable[[Callable[[Job], Bundle], Iterable[Job]], Iterator[Bundle]]
"""Does work on jobs and gives the results in their order, as `map` does."""


def in_turn(work: Callable[[Job], Bundle], jobs: Iterable[Job]) -> Iterator[Bundle]:
    """One bundle after the other."""
    return map(work, jobs)


def on_all_cores(work: Callable[[Job], Bundle], jobs: Iterable[Job]) -> Iterator[Bundle]:
    """The same, on every core once there is more than a little to do; a few bundles are under way at once."""
    jobs = iter(jobs)
    first = list(islice(jobs, FEW))
    cores = os.cpu_count() or 1
    if len(first) < FEW or cores == 1:
        yield from map(work, chain(first, jobs))
        return
    with ProcessPoolExecutor(cores) as pool:
        under_way: deque[Future[Bundle]] = deque()
        for job in chain(first, jobs):
            under_way.append(pool.submit(work, job))
            if len(under_way) > 4 * cores:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def shown(spread: Spread) -> Spread:
    """The same, telling a person at a terminal how far it is once it takes more than a second."""

    def watched(work: Callable[[Job], Bundle], jobs: Iterable[Job]) -> Iterator[Bundle]:
        told, number = time.monotonic(), 0
        for bundle in spread(work, jobs):
            number += len(bundle.hashes) // HASH
            if sys.stderr.isatty() and time.monotonic() - told > 1:
                told = time.monotonic()
                sys.stderr.write(f"{number:,} entries read\r")
                sys.stderr.flush()
            yield bundle

    return watched
