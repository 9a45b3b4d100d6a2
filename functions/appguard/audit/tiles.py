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
    """The growing end of a log: gives the objects that come into being as entries are appended."""

    edge: Edge = field(default_factory=Edge)
    entries: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=list)
    stored: frozenset[tuple[int, int, int]] = frozenset()

    @classmethod
    def load(cls, size: int, fetch: Fetch) -> "Tiles":
        """Continue a log of `size` entries from its partial tiles; raises `ValueError` if they disagree."""
        tiles = cls(stored=frozenset(right_edge(size)))
        partial = {level: fetch(tile_path(level, n, width)) for level, n, width in right_edge(size)}
        for level in range(max(partial, default=-1) + 1):
            raw = partial.get(level, b"")
            tiles.levels.append([raw[at : at + HASH] for at in range(0, len(raw), HASH)])
        for hashes in reversed(tiles.levels):
            upper = Edge()
            for node in hashes:
                upper.append(node)
            tiles.edge.nodes += upper.nodes
        tiles.edge.size = size
        if size % WIDTH:
            tiles.entries = unbundle(fetch(tile_path("entries", size // WIDTH, size % WIDTH)))
            if [leaf_hash(entry) for entry in tiles.entries] != tiles.levels[0]:
                raise ValueError("the last entries are not those that were hashed")
        return tiles

    def append(self, entry: bytes) -> Iterator[tuple[str, bytes]]:
        """Add an entry; yields the tiles it fills."""
        node = leaf_hash(entry)
        self.edge.append(node)
        self.entries.append(entry)
        if len(self.entries) == WIDTH:
            yield tile_path("entries", self.edge.size // WIDTH - 1), bundle(self.entries)
            self.entries = []
        yield from self._push(0, node)

    def _push(self, level: int, node: bytes) -> Iterator[tuple[str, bytes]]:
        if level == len(self.levels):
            self.levels.append([])
        hashes = self.levels[level]
        hashes.append(node)
        if len(hashes) == WIDTH:
            index = self.edge.size // WIDTH ** (level + 1) - 1
            yield tile_path(level, index), b"".join(hashes)
            self.levels[level] = []
            yield from self._push(level + 1, _top(hashes))

    def partial(self) -> Iterator[tuple[str, bytes]]:
        """The tiles at the right edge that are not full and were not loaded as they are."""
        size = self.edge.size
        if self.entries:
            yield tile_path("entries", size // WIDTH, size % WIDTH), bundle(self.entries)
        for level, index, width in right_edge(size):
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
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]
