"""Merkle trees: RFC 6962's hashes, and RFC 9162's way to check proofs."""

import hashlib
from collections.abc import Sequence

HASH = 32


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """Root over `hashes`: pair neighbours, carry an odd last one up, until one is left."""
    nodes = list(hashes)
    if not nodes:
        return hashlib.sha256(b"").digest()
    while len(nodes) > 1:
        odd = nodes[-1:] if len(nodes) % 2 else []
        nodes = [node_hash(left, right) for left, right in zip(nodes[::2], nodes[1::2], strict=False)] + odd
    return nodes[0]


def split(hashes: bytes) -> list[bytes]:
    """Hashes one by one, which tiles hold in a row."""
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def inclusion_holds(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` is entry `index` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != HASH:
        return False
    fn, sn, node = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            node = node_hash(step, node)
            while not fn % 2 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


def consistency_holds(size1: int, size2: int, root1: bytes, root2: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the first tree is a prefix of the second (RFC 9162, 2.1.4.2).

    An empty first tree is refused: it is a prefix of everything and proves nothing.
    """
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not path and root1 == root2
    steps = list(path)
    if size1 & (size1 - 1) == 0:
        steps.insert(0, root1)
    if not steps:
        return False
    return _folded(size1 - 1, size2 - 1, steps) == (root1, root2)


def _folded(fn: int, sn: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while fn % 2:
        fn, sn = fn >> 1, sn >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return None
        if fn % 2 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while not fn % 2 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    return (first, second) if sn == 0 else None
