"""C2SP tlog-tiles: a log as immutable objects (https://c2sp.org/tlog-tiles)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from appguard.audit.merkle import Edge, Node, leaf_hash, node_hash

WIDTH = 256
HEIGHT = 8
HASH = 32

Fetch = Callable[[str], bytes]
"""Content of the object at a path inside the log."""


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile (or, for level `entries`, an entry bundle) lies; narrower ones get a `.p` suffix.

    >>> tile_path(0, 1234067, 8)
    'tile/0/x001/x234/067.p/8'
    """
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["tile", str(level), *(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def reach(path: str) -> int:
    """How many entries a log must have to contain the tile at `path`.

    >>> reach("tile/entries/001.p/4")
    260
    """
    _, level, *groups = path.split("/")
    width = WIDTH
    if groups[-2:-1] and groups[-2].endswith(".p"):
        width = int(groups.pop())
    index = int("".join(groups).replace("x", "").removesuffix(".p"))
    return (index * WIDTH + width) * (1 if level == "entries" else WIDTH ** int(level))


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after another, each preceded by its length in 16 bits."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle; raises `ValueError` when it is cut."""
    entries, at = [], 0
    while at < len(raw):
        start = at + 2
        at = start + int.from_bytes(raw[at:start], "big")
        entries.append(raw[start:at])
    if at != len(raw):
        raise ValueError("the bundle is cut")
    return entries


def right_edge(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, index and width of the partial hash tiles of a log of `size` entries."""
    level = 0
    while size:
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        size //= WIDTH
        level += 1


@dataclass
class Tiles:
    """The growing end of a log: gives the objects that come into being as entries are appended.

    Holds one unfinished tile a level, however long the log is. Each node is hashed once.
    """

    size: int = 0
    entries: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=list)
    stored: frozenset[tuple[int, int, int]] = frozenset()

    @classmethod
    def load(cls, size: int, fetch: Fetch) -> "Tiles":
        """Continue a log of `size` entries from its partial tiles; raises `ValueError` if they disagree."""
        tiles = cls(size, stored=frozenset(right_edge(size)))
        partial = {level: fetch(tile_path(level, n, width)) for level, n, width in right_edge(size)}
        for level in range(max(partial, default=-1) + 1):
            raw = partial.get(level, b"")
            tiles.levels.append([raw[at : at + HASH] for at in range(0, len(raw), HASH)])
        if size % WIDTH:
            tiles.entries = unbundle(fetch(tile_path("entries", size // WIDTH, size % WIDTH)))
            if [leaf_hash(entry) for entry in tiles.entries] != tiles.levels[0]:
                raise ValueError("the last entries are not those that were hashed")
        return tiles

    @property
    def edge(self) -> Edge:
        """The right edge of the tree, from the unfinished tiles."""
        edge = Edge(self.size)
        for hashes in reversed(self.levels):
            upper = Edge()
            for node in hashes:
                upper.append(node)
            edge.nodes += upper.nodes
        return edge

    def append(self, entry: bytes) -> Iterator[tuple[str, bytes]]:
        """Add an entry; yields the tiles it fills."""
        if not self.levels:
            self.levels.append([])
        self.entries.append(entry)
        self.levels[0].append(leaf_hash(entry))
        self.size += 1
        if self.size % WIDTH == 0:
            yield tile_path("entries", self.size // WIDTH - 1), bundle(self.entries)
            self.entries = []
            yield from self._full(0)

    def _full(self, level: int) -> Iterator[tuple[str, bytes]]:
        """The full tile of this level; its root goes one level up, which may be full then, too."""
        hashes = self.levels[level]
        yield tile_path(level, self.size // WIDTH ** (level + 1) - 1), b"".join(hashes)
        self.levels[level] = []
        if level + 1 == len(self.levels):
            self.levels.append([])
        self.levels[level + 1].append(_top(hashes))
        if len(self.levels[level + 1]) == WIDTH:
            yield from self._full(level + 1)

    def partial(self) -> Iterator[tuple[str, bytes]]:
        """The tiles at the right edge that are not full and were not loaded as they are."""
        if self.entries:
            path = tile_path("entries", self.size // WIDTH, self.size % WIDTH)
            yield path, bundle(self.entries)
        for level, index, width in right_edge(self.size):
            if (level, index, width) not in self.stored:
                yield tile_path(level, index, width), b"".join(self.levels[level])


def node_reader(size: int, fetch: Fetch) -> Node:
    """Hashes of complete subtrees of a log of `size` entries, read from its tiles."""

    def node(height: int, index: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        first = index << rest
        total = size >> HEIGHT * level
        tile = first // WIDTH
        raw = fetch(tile_path(level, tile, min(WIDTH, total - tile * WIDTH)))
        at = first % WIDTH * HASH
        return _top([raw[i : i + HASH] for i in range(at, at + (HASH << rest), HASH)])

    return node


def _top(hashes: Sequence[bytes]) -> bytes:
    """Root over 2**n neighbours."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
