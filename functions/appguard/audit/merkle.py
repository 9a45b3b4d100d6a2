"""RFC 6962 Merkle trees as the ledger's writer needs them: the right edge, and proofs from tiles.

>>> edge = Edge()
>>> edge.append(leaf_hash(b"first"))
>>> edge.size
1
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""Hash of the complete subtree of 2**height leaves that is the index-th from the left."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Edge:
    """Roots of the complete subtrees a tree consists of, largest first: all one needs to append."""

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash."""
        rest = self.size
        while rest & 1:
            leaf = node_hash(self.nodes.pop(), leaf)
            rest >>= 1
        self.nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The tree's head."""
        if not self.nodes:
            return EMPTY_ROOT
        *rest, root = self.nodes
        for left in reversed(rest):
            root = node_hash(left, root)
        return root

    def copy(self) -> "Edge":
        """An independent copy."""
        return Edge(self.size, list(self.nodes))


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves (RFC 6962, 2.1.1)."""
    return _path(index, 0, size, node)


def consistency_path(old: int, size: int, node: Node) -> list[bytes]:
    """Proof that the first `old` leaves are the beginning of the tree of `size` (RFC 6962, 2.1.2)."""
    return _subproof(old, 0, size, node, whole=True)


def _path(index: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, node), _range(middle, end, node)]
    return [*_path(index, middle, end, node), _range(start, middle, node)]


def _subproof(old: int, start: int, end: int, node: Node, *, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [_range(start, end, node)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, node, whole=whole), _range(middle, end, node)]
    return [*_subproof(old, middle, end, node, whole=False), _range(start, middle, node)]


def _range(start: int, end: int, node: Node) -> bytes:
    """Hash over the leaves from `start`, which is aligned, to `end`."""
    width = end - start
    if width & (width - 1) == 0:
        return node(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(_range(start, middle, node), _range(middle, end, node))


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1
