"""A comparison of policies on all cores of a laptop. Lambda has none to spare, nor shared memory for it."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from appguard.policy.impact import Change, Comparison, Impact, Subject, compare, gather
from appguard.policy.model import PolicyFiles

CHUNK = 250
Changes = list[Change | None]
_comparison: list[Comparison] = []


def side_by_side(before: PolicyFiles, after: PolicyFiles, subjects: Iterable[Subject]) -> Impact:
    """Like `compare`, spread over the cores once there is more than a little to do; memory stays bounded."""
    stream = iter(subjects)
    first = list(islice(stream, CHUNK))
    workers = min(4, os.cpu_count() or 1)
    if len(first) < CHUNK or workers == 1:
        return compare(before, after, chain(first, stream))
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_prepare, initargs=(before, after)
    )
    with pool:
        return gather(before, after, _spread(pool, chain(first, stream), workers))


def _spread(pool: ProcessPoolExecutor, stream: Iterator[Subject], workers: int) -> Iterator[Change | None]:
    """Results in order, with never more than two chunks a worker under way."""
    running: list[Future[Changes]] = []
    while chunk := list(islice(stream, CHUNK)):
        running.append(pool.submit(_changes, chunk))
        if len(running) >= 2 * workers:
            yield from running.pop(0).result()
    for future in running:
        yield from future.result()


def _prepare(before: PolicyFiles, after: PolicyFiles) -> None:
    """Each worker compiles both versions once."""
    _comparison[:] = [Comparison(before, after)]


def _changes(chunk: list[Subject]) -> Changes:
    return [_comparison[0].change(subject) for subject in chunk]
