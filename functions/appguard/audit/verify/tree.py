"""The tree over the entries read so far, held against the hash tiles the log keeps."""

from dataclasses import dataclass, field
from pathlib import Path

from .bad import Oddities
from .files import read
from .merkle import HASH, split, tree_hash
from .names import TILE, copies, tile_name

MOST_HASHES = TILE * HASH
"""Bytes of a hash tile."""


@dataclass
class Tree:
    """The right edge of a growing tree: one tile a level, however large it is."""

    folder: Path
    odd: Oddities
    levels: list[bytes] = field(default_factory=lambda: [b""])
    counts: list[int] = field(default_factory=lambda: [0])

    def lay(self, leaves: bytes) -> None:
        """The last bundle of entries has these leaves now."""
        self.levels[0] = leaves

    def full(self, root: bytes, level: int = 0) -> None:
        """A tile is complete: its root is one more hash of the level above."""
        self._compare(level, self.levels[level])
        self.counts[level] += 1
        self.levels[level] = b""
        if level + 1 == len(self.levels):
            self.levels.append(b"")
            self.counts.append(0)
        self.levels[level + 1] += root
        if len(self.levels[level + 1]) == MOST_HASHES:
            self.full(tree_hash(split(self.levels[level + 1])), level + 1)

    def end(self) -> None:
        """No more entries come: the last tiles stay as narrow as they are."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                self._compare(level, hashes)

    def root(self) -> bytes:
        """The hash of the whole tree."""
        carried: list[bytes] = []
        for hashes in self.levels:
            nodes = split(hashes) + carried
            carried = [tree_hash(nodes)] if nodes else []
        return carried[0] if carried else tree_hash([])

    def _compare(self, level: int, hashes: bytes) -> None:
        """The stored forms of a tile are its hashes, or their beginning."""
        index, full = self.counts[level], len(hashes) // HASH
        found = copies(self.folder, str(level), index)
        if full not in found:
            self.odd.note(tile_name(str(level), index, full), "missing")
        for width, name in found.items():
            if read(self.folder, name, MOST_HASHES, self.odd.prefix) != hashes[: width * HASH]:
                self.odd.note(name, "differs from the hashes of the entries that are signed")
