"""Reading stretches of the ledger, many objects at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from appguard.audit.objects import LATEST
from appguard.audit.reader import Entry, Reader
from appguard.audit.tiles import WIDTH
from appguard.kernel.event import RetentionClass

AT_ONCE = 16
AHEAD = 64
KEPT = 256
"""Objects remembered from call to call; a bundle has about 150 KB."""

T = TypeVar("T")
U = TypeVar("U")


def between(reader: Reader, log: RetentionClass, start: int, end: int, size: int) -> Iterator[Entry]:
    """Entries `start` to before `end`, in order, of the log when it had `size` entries."""
    firsts = [start, *range(start - start % WIDTH + WIDTH, end, WIDTH)]
    for at in range(0, len(firsts) if start < end else 0, AHEAD):
        for some in together(lambda first: reader.bundle(log, first, size), firsts[at : at + AHEAD]):
            yield from (entry for entry in some if start <= entry.index < end)


def together(work: Callable[[T], U], items: Iterable[T]) -> list[U]:
    """`work` done on each, several at a time; in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def steady(reader: Reader) -> Reader:
    """The same ledger; objects that never change are kept from call to call, checkpoints are not."""
    kept = lru_cache(KEPT)(reader.get)

    def get(key: str) -> bytes | None:
        return reader.get(key) if key.endswith(f"/{LATEST}") else kept(key) or reader.get(key)

    return Reader(get, reader.cosigned)
