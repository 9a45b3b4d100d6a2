"""Bundles of up to 256 entries: the work that can be done on any core."""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .bad import Bad
from .events import NotAnEvent, read_events
from .files import read
from .merkle import leaf_hash, tree_hash
from .names import TILE, copies, tile_name

MOST_ENTRIES = TILE * (2 + 0xFFFF)
"""Bytes of a bundle."""


class Job(NamedTuple):
    """A bundle to read."""

    folder: Path
    prefix: str
    number: int
    width: int
    events: bool


class Bundle(NamedTuple):
    """Up to 256 entries: hashes and root; of their events ids and seconds; the first thing odd about them.

    Hashes and ids stand in a row, so that they go quickly from one process to another.
    """

    hashes: bytes
    root: bytes
    ids: bytes
    times: "array[float]"
    odd: Bad | None


def read_bundle(job: Job) -> Bundle:
    """Read and hash the entries of one bundle; every shorter copy of it must be its beginning."""
    name = tile_name("entries", job.number, job.width)
    entries = split_bundle(read(job.folder, name, MOST_ENTRIES, job.prefix))
    if entries is None or len(entries) != job.width:
        raise Bad(job.prefix + name, f"damaged: not a bundle of {job.width} entries")
    ids, times, odd = b"", array("d"), None
    if job.events:
        try:
            ids, times = read_events(entries)
        except NotAnEvent as error:
            entry = job.number * TILE + error.place
            odd = Bad(job.prefix + name, f"entry {entry} is not an event: {error}")
    for width, copy in copies(job.folder, "entries", job.number).items():
        beginning = join_bundle(entries[:width])
        if width != job.width and read(job.folder, copy, MOST_ENTRIES, job.prefix) != beginning:
            odd = odd or Bad(job.prefix + copy, "differs from the entries that are signed")
    hashes = [leaf_hash(entry) for entry in entries]
    return Bundle(b"".join(hashes), tree_hash(hashes), ids, times, odd)


def split_bundle(raw: bytes) -> list[bytes] | None:
    """Entries of a bundle, each preceded by its length in 16 bits; None when cut or padded."""
    entries, at = [], 0
    while at < len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        entries.append(raw[at + 2 : end])
        at = end
    return entries if at == len(raw) else None


def join_bundle(entries: Sequence[bytes]) -> bytes:
    """The inverse of `split_bundle`."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
