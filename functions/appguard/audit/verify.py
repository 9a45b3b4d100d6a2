"""The offline verifier: an exported folder and a public key, nothing else.

Needs Python and `cryptography`. It shares no code with the ledger's writer on purpose, so that a
mistake there is not repeated here. Hashing is RFC 6962; the folder is C2SP tlog-tiles; checkpoints
are C2SP signed notes (Ed25519).

    python verify.py FOLDER [KEY]        exits 1 naming the first bad object
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

TILE = 256
HASH = 32
KEPT = "the checkpoint you kept"
LISTING = "objects.json"
KEY_FILE = "ledger-key.pem"
FACTS = frozenset({"key", "sha256", "stored_at", "retain_until", "lock"})
TILE_NAME = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
YEARS = {"1y": 1, "3y": 3, "7y": 7}


class Bad(Exception):
    """The first object that does not hold, and why."""

    def __init__(self, path: str, reason: str) -> None:
        """`path` is relative to the verified folder."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


# --- RFC 6962 -------------------------------------------------------------------------------------


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
        nodes = [node_hash(*nodes[i : i + 2]) for i in range(0, len(nodes) - 1, 2)] + odd
    return nodes[0]


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


# --- C2SP signed notes ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """An Ed25519 public key; `name` pins the log's origin when the key came as a C2SP vkey."""

    raw: bytes
    name: str | None = None

    def signed(self, origin: str, text: bytes, blob: bytes) -> bool:
        """Whether `blob` (key id, then signature) of a line named `origin` is ours and holds."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - pure checks need none of it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        key_id = hashlib.sha256(origin.encode() + b"\n\x01" + self.raw).digest()[:4]
        if blob[:4] != key_id or self.name not in (None, origin):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(blob[4:], text)
        except InvalidSignature:
            return False
        return True


def load_keys(data: bytes) -> list[Key]:
    """Keys from PEM, DER, or lines of C2SP vkeys (`name+id+base64`); raises ValueError."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        if data.startswith(b"-----BEGIN"):
            loaded = serialization.load_pem_public_key(data)
        elif data.startswith(b"\x30"):
            loaded = serialization.load_der_public_key(data)
        else:
            return [_vkey(line) for line in data.decode().split()]
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of a kind nobody knows") from error
    if not isinstance(loaded, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - the data is wrong, not the call
    return [Key(loaded.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))]


def _vkey(line: str) -> Key:
    name, key_id, encoded = line.split("+", 2)
    blob = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + blob).hexdigest()[:8] != key_id or blob[:1] != b"\x01":
        raise ValueError("not a verifier key of the Ed25519 kind")
    return Key(blob[1:], name)


@dataclass(frozen=True)
class Checkpoint:
    """A tree head somebody signed."""

    path: str
    origin: str
    size: int
    root: bytes


def read_checkpoint(raw: bytes, keys: Sequence[Key], path: str = "checkpoint") -> Checkpoint:
    """The checkpoint in a signed note; raises `Bad` unless one of `keys` signed it."""
    text, _, signatures = raw.rpartition(b"\n\n")
    text += b"\n"
    try:
        origin, size, root, *_ = text.decode().split("\n")
        lines = [line.split(" ") for line in signatures.decode().splitlines()]
        checkpoint = Checkpoint(path, origin, int(size), base64.b64decode(root, validate=True))
        blobs = [base64.b64decode(line[2], validate=True) for line in lines if line[:2] == ["—", origin]]
    except (ValueError, IndexError) as error:
        raise Bad(path, "not a checkpoint") from error
    if str(checkpoint.size) != size or checkpoint.size < 0 or len(checkpoint.root) != HASH:
        raise Bad(path, "not a checkpoint")
    if not any(key.signed(origin, text, blob) for key in keys for blob in blobs):
        raise Bad(path, "the signature does not hold under the given key")
    return checkpoint


# --- One log --------------------------------------------------------------------------------------


@dataclass
class Log:
    """A log being verified. Holds one tile a level, however large the log is."""

    folder: Path
    prefix: str
    heads: list[Checkpoint]
    tiles: dict[tuple[str, int], dict[int, str]]
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    counts: list[int] = field(default_factory=lambda: [0])
    size: int = 0
    proven: int = 0
    odd: Bad | None = None
    fork: Bad | None = None

    @property
    def sizes(self) -> set[int]:
        """The sizes at which a checkpoint was signed."""
        return {head.size for head in self.heads}

    def read(self, name: str) -> bytes:
        """The bytes of an object of this log; raises `Bad` when it is gone."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise Bad(self.prefix + name, "missing") from error

    def verify(self) -> None:
        """Rebuild the tree from its entries; hold it against every signature and every hash tile."""
        pending = iter(self.heads)
        head = next(pending)
        for entry in self.entries(self.heads[-1].size):
            while head.size == self.size:
                self._hold(head)
                head = next(pending)
            self._push(0, leaf_hash(entry))
            self.size += 1
        for last in (head, *pending):
            self._hold(last)
        for level, hashes in enumerate(self.levels):
            if hashes:
                self._tile(level, hashes)
        if worst := self.odd or self.fork:
            raise worst

    def entries(self, size: int) -> Iterator[bytes]:
        """The entries in order, one bundle in memory at a time."""
        for start in range(0, size, TILE):
            width = min(TILE, size - start)
            yield from self.bundle(start // TILE, width)

    def bundle(self, index: int, width: int) -> list[bytes]:
        """The entries of one bundle; every shorter copy of it must be its beginning."""
        name = tile_name("entries", index, width)
        raw = self.read(name)
        entries = split_bundle(raw)
        if entries is None or len(entries) != width:
            raise Bad(self.prefix + name, "damaged: not a bundle of this many entries")
        for shorter, copy in self.tiles.get(("entries", index), {}).items():
            if self.read(copy) != join_bundle(entries[:shorter]):
                self._note(copy, "differs from the entries that are signed")
        return entries

    def _push(self, level: int, node: bytes) -> None:
        hashes = self.levels[level]
        hashes.append(node)
        if len(hashes) == TILE:
            self._tile(level, hashes)
            if level + 1 == len(self.levels):
                self.levels.append([])
                self.counts.append(0)
            self._push(level + 1, tree_hash(hashes))
            self.counts[level] += 1
            hashes.clear()

    def _tile(self, level: int, hashes: list[bytes]) -> None:
        index = self.counts[level]
        found = self.tiles.get((str(level), index), {})
        wanted = tile_name(str(level), index, len(hashes))
        if len(hashes) not in found:
            self._note(wanted, "missing")
        for width, name in sorted(found.items()):
            if self.read(name) != b"".join(hashes[:width]):
                self._note(name, "differs from the hashes of the entries that are signed")

    def _note(self, name: str, reason: str) -> None:
        """Remember the first odd copy; entries that break a signature are named before it."""
        self.odd = self.odd or Bad(self.prefix + name, reason)

    def _hold(self, head: Checkpoint) -> None:
        """The tree as far as it is rebuilt must have the root that was signed for its size."""
        carried: list[bytes] = []
        for hashes in self.levels:
            nodes = [*hashes, *carried]
            carried = [tree_hash(nodes)] if nodes else []
        if head.root != (carried[0] if carried else tree_hash([])):
            if head.path != KEPT:
                raise self._culprit(head)
            self.fork = Bad(f"{self.prefix}checkpoint", f"forked: disagrees with {KEPT} at size {head.size}")
        self.proven = head.size

    def _culprit(self, head: Checkpoint) -> Bad:
        """Entries since the last good checkpoint broke this one; hash tiles may tell which bundle."""
        first, last = self.proven // TILE, max(head.size - 1, 0) // TILE
        for index in range(first, last + 1):
            width = min(TILE, self.heads[-1].size - index * TILE)
            hashes = [leaf_hash(entry) for entry in self.bundle(index, width)]
            if not self._vouched(index, hashes):
                return Bad(self.prefix + tile_name("entries", index, width), f"altered: breaks {head.path}")
        width = min(TILE, self.heads[-1].size - first * TILE)
        where = f"entries {self.proven} to {head.size - 1} do not give the root signed in {head.path}"
        return Bad(self.prefix + tile_name("entries", first, width), where)

    def _vouched(self, index: int, hashes: list[bytes]) -> bool:
        """Whether the hash tiles know these leaves: the parent's word counts more than the tile's own."""
        for width, name in self.tiles.get(("1", index // TILE), {}).items():
            if width > index % TILE:
                at = index % TILE * HASH
                return self.read(name)[at : at + HASH] == tree_hash(hashes)
        found = self.tiles.get(("0", index), {})
        return all(self.read(name) == b"".join(hashes[:width]) for width, name in found.items())


def tile_name(level: str, index: int, width: int = TILE) -> str:
    """Path of a tile: index in groups of three digits, all but the last marked x (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == TILE else f".p/{width}")


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


def verify_log(folder: Path, keys: Sequence[Key], prefix: str = "", known: Sequence[bytes] = ()) -> Log:
    """Verify one log; `known` are checkpoints kept from earlier, which it must still contain."""
    names = sorted(_files(folder))
    heads = _heads(folder, keys, prefix, [name for name in names if name.startswith("checkpoint")])
    for raw in known:
        kept = read_checkpoint(raw, keys, KEPT)
        if kept.origin == heads[-1].origin:
            heads.append(kept)
    size = max(head.size for head in heads if head.path != KEPT)
    if any(head.size > size for head in heads):
        raise Bad(f"{prefix}checkpoint", f"cut: older than {KEPT}")
    tiles: dict[tuple[str, int], dict[int, str]] = {}
    for name in names:
        if not name.startswith("checkpoint"):
            level, index, width = _placed(prefix, name, size)
            tiles.setdefault((level, index), {})[width] = name
    log = Log(folder, prefix, sorted(heads, key=lambda head: head.size), tiles)
    log.verify()
    return log


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _heads(folder: Path, keys: Sequence[Key], prefix: str, names: Sequence[str]) -> list[Checkpoint]:
    """Every checkpoint of the log, all of one origin and none contradicting another."""
    heads: list[Checkpoint] = []
    for name in ("checkpoint", *(name for name in names if name != "checkpoint")):
        try:
            raw = (folder / name).read_bytes()
        except OSError as error:
            raise Bad(prefix + name, "missing") from error
        head = read_checkpoint(raw, keys, prefix + name)
        if name not in ("checkpoint", f"checkpoints/{head.size:020d}"):
            raise Bad(prefix + name, f"swapped: signed for size {head.size}")
        if heads and head.origin != heads[0].origin:
            raise Bad(prefix + name, f"of another log, {head.origin}")
        if any(head.size == other.size and head.root != other.root for other in heads):
            raise Bad(prefix + name, f"forked: two roots are signed for size {head.size}")
        heads.append(head)
    if any(head.size > heads[0].size for head in heads):
        raise Bad(prefix + "checkpoint", "rolled back: a later one is signed")
    return heads


def _placed(prefix: str, name: str, size: int) -> tuple[str, int, int]:
    """Level, index and width of a tile's name; raises `Bad` for what is no part of a log this long."""
    match = TILE_NAME.fullmatch(name)
    if not match:
        raise Bad(prefix + name, "added: not an object of a log")
    level, groups, part = match.groups()
    index, width = int(groups.replace("x", "").replace("/", "")), int(part or TILE)
    span = 1 if level == "entries" else TILE ** int(level)
    if name != tile_name(level, index, width) or (index * TILE + width) * span > size:
        raise Bad(prefix + name, f"added: the signed log ends at entry {size}")
    return level, index, width


# --- An export ------------------------------------------------------------------------------------


def verify_export(folder: Path, keys: Sequence[Key], known: Sequence[bytes] = ()) -> dict[str, Log]:
    """Verify every log of an export and what the bucket said about its objects; raises `Bad`."""
    listing = _listing(folder)
    _single(listing)
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name in YEARS)
    logs = {name: verify_log(folder / name, keys, f"{name}/", known) for name in classes}
    for name, log in logs.items():
        if not log.heads[0].origin.endswith(f"/{name}"):
            raise Bad(f"{name}/checkpoint", f"swapped: signed for the log {log.heads[0].origin}")
    _all_here({log.heads[0].origin for log in logs.values()}, keys, known)
    for one in listing:
        _object(folder, str(one["key"]), one)
    listed = {str(one["key"]) for one in listing} | {LISTING, KEY_FILE}
    for name in sorted(_files(folder)):
        if name not in listed:
            raise Bad(name, "added: the bucket does not list it")
    if not logs:
        raise Bad(".", "there is no log in this folder")
    return logs


def _all_here(origins: set[str], keys: Sequence[Key], known: Sequence[bytes]) -> None:
    """No log has vanished of which the auditor holds a checkpoint."""
    for raw in known:
        kept = read_checkpoint(raw, keys, KEPT)
        if kept.origin not in origins:
            raise Bad(kept.origin.rpartition("/")[2], f"missing: {KEPT} is of the log {kept.origin}")


def _listing(folder: Path) -> list[Mapping[str, Any]]:
    try:
        objects = json.loads((folder / LISTING).read_bytes())["objects"]
        complete = all(one.get("deleted") or one.keys() >= FACTS for one in objects)
        listing = sorted(objects, key=lambda one: str(one["key"]))
    except OSError as error:
        raise Bad(LISTING, "missing: export again") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Bad(LISTING, "damaged: export again") from error
    if not complete:
        raise Bad(LISTING, "damaged: an object's facts are missing; export again")
    return listing


def _single(listing: Sequence[Mapping[str, Any]]) -> None:
    """Objects are written once: a second version or a delete marker hides the first."""
    seen: set[str] = set()
    for one in listing:
        key = str(one["key"])
        if one.get("deleted"):
            raise Bad(key, "removed: a delete marker hides it")
        if key in seen:
            raise Bad(key, "shadowed: the bucket holds more than one version of it")
        seen.add(key)


def _object(folder: Path, key: str, one: Mapping[str, Any]) -> None:
    """The object is here, as exported, and was locked for as long as its class demands."""
    path = folder / key
    if not path.is_file():
        raise Bad(key, "missing")
    if hashlib.sha256(path.read_bytes()).hexdigest() != one["sha256"]:
        raise Bad(key, f"differs from what {LISTING} says was exported")
    log = key.partition("/")[0]
    if log not in YEARS:
        raise Bad(key, "added: not an object of a log")
    try:
        kept = datetime.fromisoformat(one["retain_until"]) - datetime.fromisoformat(one["stored_at"])
    except (TypeError, ValueError):
        raise Bad(key, "not under Object Lock") from None
    if one["lock"] != "COMPLIANCE" or kept < timedelta(days=365 * YEARS[log]):
        raise Bad(key, f"locked as {one['lock']} for {kept.days} days, less than its class demands")


# --- One proof ------------------------------------------------------------------------------------


def verify_proof(proof: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
    """The event whose inclusion `proof` shows; raises `Bad`."""
    head = read_checkpoint(str(proof["checkpoint"]).encode(), keys, "the proof's checkpoint")
    entry = str(proof["entry"]).encode()
    path = [base64.b64decode(step) for step in proof["path"]]
    if not inclusion_holds(int(proof["index"]), head.size, leaf_hash(entry), path, head.root):
        raise Bad("proof", "the entry is not part of the signed log at this place")
    return dict(json.loads(entry))


def main(arguments: Sequence[str]) -> int:
    """Run as a script: FOLDER [KEY]."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        sys.stderr.write("usage: python verify.py FOLDER [KEY]\n")
        return 2
    folder = Path(arguments[0])
    try:
        keys = load_keys(Path(arguments[1] if arguments[1:] else folder / KEY_FILE).read_bytes())
        logs = verify_export(folder, keys)
    except Bad as bad:
        sys.stderr.write(f"BAD {bad}\n")
        return 1
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot read the key: {error}\n")
        return 1
    for name, log in logs.items():
        sys.stdout.write(f"ok {name}: {log.size} entries, {len(log.sizes)} checkpoints\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
