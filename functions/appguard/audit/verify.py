# /// script
# requires-python = ">=3.11"
# dependencies = ["cryptography>=42"]
# ///
"""The offline verifier: an exported folder, or the proof of one event, and a public key; nothing else.

Needs Python and `cryptography`. It shares no code with the ledger's writer on purpose, so that a
mistake there is not repeated here. Hashing is RFC 6962; the folder is C2SP tlog-tiles; checkpoints
are C2SP signed notes (Ed25519), cosignatures of witnesses C2SP tlog-cosignature; entries are events
as canonical JSON (RFC 8785).

    python verify.py FOLDER|PROOF [--key FILE]        exits 1 naming the first bad object

It reads no object beyond the size such an object may have, follows no links, and holds one tile a
level, however large the log is.
"""

import argparse
import base64
import hashlib
import heapq
import json
import os
import re
import sqlite3
import sys
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

TILE = 256
HASH = 32
ID = 16
MOST_NOTE, MOST_HASHES, MOST_ENTRIES = 1 << 16, TILE * HASH, TILE * (2 + 0xFFFF)
MOST_ROW, MOST_PROOF, MOST_SECONDS = 1 << 14, 1 << 18, 1 << 36
"""Bounds of what is read: bytes of each kind of object, and the time of a cosignature."""
KEPT = "the checkpoint you kept"
LISTING, UNFINISHED, KEY_FILE = "objects.jsonl", "objects.jsonl.part", "ledger-key.pem"
BESIDE = frozenset({LISTING, KEY_FILE})
"""What an export holds beside the objects of its logs."""
LISTING_SCHEMA, PROOF_SCHEMA = "appguard.export/v2", "appguard.proof/v1"
TILE_NAME = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
HEAD_NAME = re.compile(r"(checkpoints|witness)/(\d{20})")
EVENT_ID = re.compile(r"evt-[0-9a-f]{32}")
YEARS = {"1y": 1, "3y": 3, "7y": 7}
UNSEEN = timedelta(days=1)
"""How long a checkpoint may wait until a witness has seen it."""
SIGNER, WITNESS = b"\x01", b"\x04"
"""C2SP's kinds of Ed25519 keys: of a log, and of who cosigns its checkpoints."""
FEW = 64
"""So many bundles are not worth starting processes for."""
HOLDS, FAILS, IMPOSSIBLE = 0, 1, 3


class Bad(Exception):
    """The first object that does not hold, and why."""

    def __init__(self, path: str, reason: str) -> None:
        """`path` is relative to the verified folder."""
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        """One line that no file name can disturb."""
        words = f"{self.path}: {self.reason}"
        return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in words)


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


# --- Keys and C2SP signed notes -------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """An Ed25519 public key; `name` pins whose it is when the key came as a C2SP vkey."""

    raw: bytes
    name: str | None = None

    def made(self, kind: bytes, name: str, blob: bytes) -> bool:
        """Whether a signature line named `name` says that this key signed it."""
        key_id = hashlib.sha256(name.encode() + b"\n" + kind + self.raw).digest()[:4]
        return blob[:4] == key_id and self.name in (None, name)

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether the key's owner signed `message`."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - pure checks need none of it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def load_keys(data: bytes, kind: bytes = SIGNER) -> list[Key]:
    """Keys from PEM, DER, or lines of C2SP vkeys (`name+id+base64`) of a kind; raises ValueError."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        if data.startswith(b"-----BEGIN"):
            loaded = serialization.load_pem_public_key(data)
        elif data.startswith(b"\x30"):
            loaded = serialization.load_der_public_key(data)
        else:
            return [_vkey(line, kind) for line in data.decode().split()]
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of a kind nobody knows") from error
    if not isinstance(loaded, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - the data is wrong, not the call
    return [Key(loaded.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))]


def _vkey(line: str, kind: bytes) -> Key:
    name, key_id, encoded = line.split("+", 2)
    blob = base64.b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + blob).hexdigest()[:8] != key_id or blob[:1] != kind:
        raise ValueError("not a verifier key of the kind that is asked for")
    return Key(blob[1:], name)


@dataclass(frozen=True)
class Checkpoint:
    """A tree head somebody signed; when the bucket stored it, and when every asked witness had seen it."""

    path: str
    origin: str
    size: int
    root: bytes
    stored: datetime | None = None
    seen: datetime | None = None


class Note(NamedTuple):
    """A signed note: its text, and the lines below it as name and blob (key id, then signature)."""

    text: bytes
    lines: list[tuple[str, bytes]]


def read_note(raw: bytes, path: str) -> Note:
    """Take a signed note apart; raises `Bad`."""
    text, _, signatures = raw.rpartition(b"\n\n")
    try:
        lines = [line.split(" ") for line in signatures.decode().removesuffix("\n").split("\n")]
        named = [(name, base64.b64decode(blob, validate=True)) for dash, name, blob in lines if dash == "—"]
    except ValueError as error:
        raise Bad(path, "not a checkpoint") from error
    if len(named) < len(lines):
        raise Bad(path, "not a checkpoint")
    return Note(text + b"\n", named)


def read_checkpoint(
    raw: bytes, keys: Sequence[Key], path: str = "checkpoint", stored: datetime | None = None
) -> Checkpoint:
    """The checkpoint in a signed note; raises `Bad` unless one of `keys` signed it."""
    note = read_note(raw, path)
    try:
        origin, size, root, *_ = note.text.decode().split("\n")
        head = Checkpoint(path, origin, int(size), base64.b64decode(root, validate=True), stored)
    except ValueError as error:
        raise Bad(path, "not a checkpoint") from error
    empty = head.root == tree_hash([])
    if str(head.size) != size or head.size < 0 or len(head.root) != HASH or empty != (head.size == 0):
        raise Bad(path, "not a checkpoint")
    blobs = [blob for name, blob in note.lines if name == origin]
    if not blobs:
        raise Bad(path, f"not signed by its log, {origin}")
    ours = [(key, blob) for key in keys for blob in blobs if key.made(SIGNER, origin, blob)]
    if not ours:
        raise Bad(path, "wrong key: signed by another one, or in a way this verifier does not know")
    if not any(key.holds(blob[4:], note.text) for key, blob in ours):
        raise Bad(path, "forged: the signature does not hold under the given key")
    return head


def cosigned_at(raw: bytes, witness: Key, path: str) -> datetime:
    """When the witness saw the checkpoint in this note (C2SP tlog-cosignature); raises `Bad`."""
    note = read_note(raw, path)
    for name, blob in note.lines:
        if witness.made(WITNESS, name, blob):
            seconds = int.from_bytes(blob[4:12], "big")
            if not witness.holds(blob[12:], b"cosignature/v1\ntime %d\n%b" % (seconds, note.text)):
                raise Bad(path, f"forged: the cosignature of {name} does not hold")
            return datetime.fromtimestamp(min(seconds, MOST_SECONDS), UTC)
    raise Bad(path, f"the cosignature of {witness.name or 'the given witness'} is missing")


# --- Files ----------------------------------------------------------------------------------------


def read(folder: Path, name: str, most: int, prefix: str = "") -> bytes:
    """The bytes of an object, if it has at most so many; raises `Bad`."""
    try:
        with (folder / name).open("rb") as file:
            raw = file.read(most + 1)
    except FileNotFoundError as error:
        raise Bad(prefix + name, "missing") from error
    except (OSError, ValueError) as error:
        raise Bad(prefix + name, f"unreadable: {error}") from error
    if len(raw) > most:
        raise Bad(prefix + name, f"too large: no such object has more than {most} bytes")
    return raw


def walk(folder: Path, prefix: str = "") -> Iterator[str]:
    """Names of all files below; raises `Bad` for what is neither file nor folder, links included."""
    below = [""]
    while below:
        at = below.pop()
        try:
            with os.scandir(folder / at) as found:
                for one in found:
                    name = at + one.name
                    if one.is_dir(follow_symlinks=False):
                        below.append(name + "/")
                    elif one.is_file(follow_symlinks=False):
                        yield name
                    else:
                        raise Bad(prefix + name, "added: a link or device, not an object of a log")
        except OSError as error:
            raise Bad(prefix + at or ".", f"unreadable: {error.strerror}") from error


def tile_name(level: str, index: int, width: int = TILE) -> str:
    """Path of a tile: index in groups of three digits, all but the last marked x (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == TILE else f".p/{width}")


def bundle_name(entry: int, size: int) -> str:
    """Path of the bundle that holds an entry of a log of `size`."""
    number = entry // TILE
    return tile_name("entries", number, min(TILE, size - number * TILE))


def copies(folder: Path, level: str, index: int) -> dict[int, str]:
    """The stored forms of a tile by their width: full, and as partial as it was once."""
    full = tile_name(level, index)
    found = {TILE: full} if (folder / full).exists() else {}
    if (folder / f"{full}.p").is_dir():
        widths = sorted(int(one.name) for one in (folder / f"{full}.p").iterdir() if one.name.isdecimal())
        found |= {width: tile_name(level, index, width) for width in widths}
    return found


def belongs(name: str, size: int) -> bool:
    """Whether a log of `size` entries has an object of this name."""
    if name == "checkpoint":
        return True
    if head := HEAD_NAME.fullmatch(name):
        return int(head[2]) <= size
    match = TILE_NAME.fullmatch(name)
    if not match:
        return False
    level, groups, part = match.groups()
    index, width = int(groups.replace("x", "").replace("/", "")), int(part or TILE)
    span = 1 if level == "entries" else TILE ** int(level)
    return name == tile_name(level, index, width) and (index * TILE + width) * span <= size


# --- Entries --------------------------------------------------------------------------------------


class Job(NamedTuple):
    """A bundle to read: the work that can be done on any core."""

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


class NotAnEvent(Exception):
    """An entry that is no event in the one form an event may have; `place` is its number in the bundle."""

    def __init__(self, place: int, reason: object) -> None:
        """Say why."""
        super().__init__(str(reason))
        self.place = place


def read_events(entries: Sequence[bytes]) -> tuple[bytes, "array[float]"]:
    """The ids and times of the events in `entries`; raises `NotAnEvent`."""
    events: list[Any] = []
    ids, times, texts = [], array("d"), []
    try:
        for entry in entries:
            text = entry.decode()
            event = _parse(text)
            ids.append(_id(event))
            times.append(_seconds(event))
            texts.append(text)
            events.append(event)
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise NotAnEvent(len(events), error) from None
    # What each text says is known to be one object, so texts in a row are canonical only if each is.
    if _quick(events) != f"[{','.join(texts)}]":
        for place, (event, text) in enumerate(zip(events, texts, strict=True)):
            if _canonical(event) != text:
                raise NotAnEvent(place, "not canonical JSON")
    return b"".join(ids), times


def _id(event: Mapping[str, Any]) -> bytes:
    if not EVENT_ID.fullmatch(event["event_id"]):
        raise ValueError("its id is of another form")
    return bytes.fromhex(event["event_id"][4:])


def _seconds(event: Mapping[str, Any]) -> float:
    moment = datetime.fromisoformat(event["timestamp"])
    if moment.tzinfo is None:
        raise ValueError("its timestamp has no time zone")
    return moment.timestamp()


def _not_json(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


# Decimals, which the quick encoder refuses, leave numbers with fractions to `canonical`.
_parse = json.JSONDecoder(parse_float=Decimal, parse_constant=_not_json).decode
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _quick(value: Any) -> str | None:
    """What `canonical` gives for nearly everything, ten times as fast; None for what it cannot say."""
    try:
        return _encode(value)
    except (TypeError, RecursionError):
        return None


def _canonical(event: Any) -> str | None:
    try:
        return canonical(event)
    except (ArithmeticError, RecursionError):
        return None


def canonical(value: Any) -> str:
    """RFC 8785: keys in the order of their UTF-16 units, numbers as ECMAScript writes them."""
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_encode(key)}:{canonical(one)}" for key, one in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return _number(float(value)) if isinstance(value, Decimal) else _encode(value)


def _number(value: float) -> str:
    """ECMAScript's Number.toString: Python finds the same digits and places the exponent otherwise."""
    if value == int(value) and abs(value) < 1e21:  # noqa: PLR2004 - ECMA-262, Number::toString, step 7
        return str(int(value))
    if 1e-6 <= abs(value) < 1e-4:  # noqa: PLR2004
        return format(Decimal(repr(value)), "f")
    return repr(value).replace("e-0", "e-")


# --- One log --------------------------------------------------------------------------------------

Spread = Callable[[Callable[[Job], Bundle], Iterable[Job]], Iterator[Bundle]]
"""Does work on jobs and gives the results in their order, as `map` does."""


@dataclass
class Log:
    """A log being verified. Holds one tile a level, however large the log is."""

    folder: Path
    prefix: str
    latest: Checkpoint
    heads: Iterator[Checkpoint]
    late: float | None = None
    levels: list[bytes] = field(default_factory=lambda: [b""])
    counts: list[int] = field(default_factory=lambda: [0])
    size: int = 0
    checkpoints: int = 0
    cosigned: Checkpoint | None = None
    unseen: Checkpoint | None = None
    proven: int = 0
    sealed: float | None = None
    whole: bool = False
    broken: tuple[Checkpoint, int] | None = None
    fork: Bad | None = None
    odd: Bad | None = None

    def verify(self, spread: Spread, *, events: bool) -> Iterator[Bundle]:
        """Rebuild the tree from its entries; hold it against every signature and every hash tile."""
        head = next(self.heads, None)
        for bundle in spread(read_bundle, self._jobs(events)):
            start, done = self.size, 0
            self.size += len(bundle.hashes) // HASH
            self.odd = self.odd or bundle.odd
            while head and head.size <= self.size:
                self._dated(bundle.times[done : head.size - start], start + done)
                done = head.size - start
                self.levels[0] = bundle.hashes[: done * HASH]
                self._hold(head)
                head = next(self.heads, None)
            self._dated(bundle.times[done:], start + done)
            self.levels[0] = bundle.hashes
            if len(bundle.hashes) == TILE * HASH:
                self._full(0, bundle.root)
            yield bundle
        for last in (head, *self.heads) if head else ():
            self._hold(last)
        for level, hashes in enumerate(self.levels):
            if hashes:
                self._tile(level, hashes)
        if worst := self._broken() or self.odd or self.fork:
            raise worst

    def _jobs(self, events: bool) -> Iterator[Job]:
        for start in range(0, self.latest.size, TILE):
            width = min(TILE, self.latest.size - start)
            yield Job(self.folder, self.prefix, start // TILE, width, events)

    def _full(self, level: int, root: bytes) -> None:
        """A tile is complete: its root is one more hash of the level above."""
        self._tile(level, self.levels[level])
        self.counts[level] += 1
        self.levels[level] = b""
        if level + 1 == len(self.levels):
            self.levels.append(b"")
            self.counts.append(0)
        self.levels[level + 1] += root
        if len(self.levels[level + 1]) == TILE * HASH:
            self._full(level + 1, tree_hash(split(self.levels[level + 1])))

    def _tile(self, level: int, hashes: bytes) -> None:
        """The stored forms of a tile are its hashes, or their beginning."""
        index, full = self.counts[level], len(hashes) // HASH
        found = copies(self.folder, str(level), index)
        if full not in found:
            self._note(tile_name(str(level), index, full), "missing")
        for width, name in found.items():
            if read(self.folder, name, MOST_HASHES, self.prefix) != hashes[: width * HASH]:
                self._note(name, "differs from the hashes of the entries that are signed")

    def _note(self, name: str, reason: str) -> None:
        """Remember the first odd thing; entries that break a signature are named before it."""
        self.odd = self.odd or Bad(self.prefix + name, reason)

    def _dated(self, times: "array[float]", first: int) -> None:
        """No event says that it happened long before the entries in front of it were signed."""
        if not times or self.sealed is None or self.late is None or min(times) >= self.sealed - self.late:
            return
        entry = first + next(at for at, seconds in enumerate(times) if seconds < self.sealed - self.late)
        says, signed = (datetime.fromtimestamp(one, UTC) for one in (times[entry - first], self.sealed))
        reason = f"back-dated: entry {entry} says {says}, but what is before it was signed at {signed}"
        self._note(bundle_name(entry, self.latest.size), reason)

    def _hold(self, head: Checkpoint) -> None:
        """The tree as far as it is rebuilt must have the root that was signed for its size."""
        carried: list[bytes] = []
        for hashes in self.levels:
            nodes = split(hashes) + carried
            carried = [tree_hash(nodes)] if nodes else []
        if head.root == (carried[0] if carried else tree_hash([])):
            self.proven = head.size
            self.whole = head.size == self.latest.size
        elif head.path == KEPT:
            self.fork = Bad(f"{self.prefix}checkpoint", f"forked: disagrees with {KEPT} at size {head.size}")
        else:
            self.broken = self.broken or (head, self.proven)
        self._seen(head)

    def _seen(self, head: Checkpoint) -> None:
        """Time goes on: what is after this head was sealed after it."""
        self.checkpoints += head.path.startswith(f"{self.prefix}checkpoints/")
        if head.seen:
            if self.cosigned and self.cosigned.seen and head.seen < self.cosigned.seen:
                self._note(head.path.removeprefix(self.prefix), "back-dated: cosigned before a smaller one")
            self.cosigned, self.unseen = head, None
        elif head.stored and (not self.cosigned or head.size > self.cosigned.size):
            self.unseen = self.unseen or head
        if known := head.seen or head.stored:
            self.sealed = known.timestamp()

    def _broken(self) -> Bad | None:
        """Why a signature does not fit: of another history, or entries since the last good one differ."""
        if not self.broken:
            return None
        head, proven = self.broken
        if self.whole:
            return Bad(head.path, f"forked: signed for another history than {self.prefix}checkpoint")
        first, last = proven // TILE, max(head.size - 1, 0) // TILE
        for job in islice(self._jobs(events=False), first, last + 1):
            if not self._vouched(job.number, read_bundle(job)):
                name = bundle_name(job.number * TILE, self.latest.size)
                return Bad(self.prefix + name, f"altered: breaks {head.path}")
        name = bundle_name(proven, self.latest.size)
        where = f"entries {proven} to {head.size - 1} do not give the root signed in {head.path}"
        return Bad(self.prefix + name, where)

    def _vouched(self, index: int, bundle: Bundle) -> bool:
        """Whether the hash tiles know these leaves: the parent's word counts more than the tile's own."""
        for width, name in copies(self.folder, "1", index // TILE).items():
            if width > index % TILE:
                at = index % TILE * HASH
                return read(self.folder, name, MOST_HASHES)[at : at + HASH] == bundle.root
        return all(
            read(self.folder, name, MOST_HASHES) == bundle.hashes[: width * HASH]
            for width, name in copies(self.folder, "0", index).items()
        )


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


@dataclass(frozen=True)
class Trust:
    """What the auditor brings: keys, checkpoints kept from earlier, witnesses, how late an event may be."""

    keys: Sequence[Key]
    known: Sequence[bytes] = ()
    witnesses: Sequence[Key] = ()
    late: timedelta | None = None


Named = Iterable[tuple[str, datetime | None]]
"""Names of checkpoints in the order of their sizes, and when each was stored."""


def verify_log(folder: Path, keys: Sequence[Key], prefix: str = "", known: Sequence[bytes] = ()) -> Log:
    """Verify one log, whatever its entries are; `known` are checkpoints it must still contain."""
    log = _log(
        folder, Trust(keys, known), prefix, [_stored(folder, "checkpoints"), _stored(folder, "witness")]
    )
    deque(log.verify(in_turn, events=False), 0)
    return log


def _stored(folder: Path, kind: str) -> Named:
    return sorted((f"{kind}/{one.name}", None) for one in (folder / kind).glob("*"))


def _log(folder: Path, trust: Trust, prefix: str, named: Iterable[Named]) -> Log:
    """A log whose latest checkpoint holds, with no object too many; its entries are still to be read."""
    latest = read_checkpoint(read(folder, "checkpoint", MOST_NOTE, prefix), trust.keys, f"{prefix}checkpoint")
    _complete(folder, trust, prefix, latest)
    kept = [read_checkpoint(raw, trust.keys, KEPT) for raw in trust.known]
    kept = sorted((head for head in kept if head.origin == latest.origin), key=_size)
    if kept and kept[-1].size > latest.size:
        raise Bad(f"{prefix}checkpoint", f"cut: older than {KEPT}")
    heads = [_heads(folder, trust, prefix, latest, names) for names in named]
    late = None if trust.late is None else trust.late.total_seconds()
    return Log(folder, prefix, latest, heapq.merge(*heads, kept, [latest], key=_size), late)


def _complete(folder: Path, trust: Trust, prefix: str, latest: Checkpoint) -> None:
    """Nothing lies beyond the latest checkpoint; if a later one does, the latest was rolled back."""
    added = ""
    for name in walk(folder, prefix):
        if belongs(name, latest.size):
            continue
        if (head := HEAD_NAME.fullmatch(name)) and head[1] == "checkpoints":
            read_checkpoint(read(folder, name, MOST_NOTE, prefix), trust.keys, prefix + name)
            raise Bad(f"{prefix}checkpoint", "rolled back: a later one is signed")
        added = min(added or name, name)
    if added:
        raise Bad(prefix + added, f"added: not an object of a log of {latest.size} entries")


def _size(head: Checkpoint) -> int:
    return head.size


def _heads(folder: Path, trust: Trust, prefix: str, latest: Checkpoint, named: Named) -> Iterator[Checkpoint]:
    """Checkpoints of the log, each where its size says, of its origin, cosigned where it has to be."""
    for name, stored in named:
        path, raw = prefix + name, read(folder, name, MOST_NOTE, prefix)
        head = read_checkpoint(raw, trust.keys, path, stored)
        if head.size != int(name.rpartition("/")[2]):
            raise Bad(path, f"swapped: signed for size {head.size}")
        if head.origin != latest.origin:
            raise Bad(path, f"foreign: of another log, {head.origin}")
        if head.size == latest.size and head.root != latest.root:
            raise Bad(path, f"forked: two roots are signed for size {head.size}")
        if name.startswith("witness/") and trust.witnesses:
            head = replace(head, seen=max(cosigned_at(raw, witness, path) for witness in trust.witnesses))
        yield head


# --- An export ------------------------------------------------------------------------------------


def verify_export(
    folder: Path,
    keys: Sequence[Key],
    known: Sequence[bytes] = (),
    *,
    witnesses: Sequence[Key] = (),
    late: timedelta | None = None,
    spread: Spread = in_turn,
) -> dict[str, Log]:
    """Verify every log of an export and what the bucket said about its objects; raises `Bad`.

    Each of `witnesses` must have cosigned every log, up to a day before the export was made. An event
    that became an entry more than `late` after it says it happened counts as back-dated.
    """
    trust = Trust(keys, known, witnesses, late)
    files = sum(name not in BESIDE for name in walk(folder))
    if (folder / UNFINISHED).exists():
        raise Bad(UNFINISHED, "the export was interrupted; export again into this folder")
    exported = _exported(folder)
    names = {key.partition("/")[0] for key in listing(folder)}
    logs: dict[str, Log] = {}
    with closing(Seen()) as seen:
        for name in sorted(names | {name for name in YEARS if (folder / name).is_dir()}):
            named = [_listed(folder, f"{name}/{kind}/") for kind in ("checkpoints", "witness")]
            log = logs[name] = _log(folder / name, trust, f"{name}/", named)
            if not log.latest.origin.endswith(f"/{name}"):
                raise Bad(f"{name}/checkpoint", f"swapped: signed for the log {log.latest.origin}")
            for bundle in log.verify(spread, events=True):
                seen.add(bundle.ids)
            if witnesses:
                _witnessed(log, exported)
        _one_ledger(logs, trust)
        seen.once(logs)
    _as_exported(folder, files)
    if not logs:
        raise Bad(".", "there is no log in this folder")
    return logs


def _witnessed(log: Log, exported: datetime) -> None:
    if not log.cosigned:
        raise Bad(f"{log.prefix}witness", "missing: no checkpoint carries the given witness's cosignature")
    if log.unseen and log.unseen.stored and log.unseen.stored < exported - UNSEEN:
        since = log.unseen.stored
        raise Bad(log.unseen.path, f"no cosignature: signed at {since}, and no witness saw it since")


def _one_ledger(logs: Mapping[str, Log], trust: Trust) -> None:
    """All logs are of one ledger, and none has vanished of which the auditor holds a checkpoint."""
    origins = {log.latest.origin: name for name, log in logs.items()}
    if len({origin.rpartition("/")[0] for origin in origins}) > 1:
        raise Bad(f"{max(logs)}/checkpoint", f"foreign: these are of different ledgers: {', '.join(origins)}")
    for raw in trust.known:
        kept = read_checkpoint(raw, trust.keys, KEPT)
        if kept.origin not in origins:
            raise Bad(kept.origin.rpartition("/")[2], f"missing: {KEPT} is of the log {kept.origin}")


class Seen:
    """Every event's id in the order of logs and entries, in a nameless database on disk that ends with us."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE seen (event BLOB)")

    def add(self, ids: bytes) -> None:
        """Take in the events of the next bundle."""
        rows = ((ids[at : at + ID],) for at in range(0, len(ids), ID))
        self._db.executemany("INSERT INTO seen VALUES (?)", rows)

    def once(self, logs: Mapping[str, Log]) -> None:
        """Each event is one entry of one log; raises `Bad`."""
        twice = "SELECT event, max(rowid) FROM seen GROUP BY event HAVING count(*) > 1 ORDER BY 2 LIMIT 1"
        for event, row in self._db.execute(twice):
            entry = row - 1
            for name, log in logs.items():
                if entry < log.size:
                    again = f"duplicated: entry {entry}, evt-{event.hex()}, was an entry before"
                    raise Bad(f"{name}/{bundle_name(entry, log.size)}", again)
                entry -= log.size

    def close(self) -> None:
        """Forget everything."""
        self._db.close()


def listing(folder: Path) -> Iterator[str]:
    """The keys of the bucket's objects, in their order: each there once, and locked."""
    before = ""
    for said in islice(_said(folder), 1, None):
        if before and said.get("key") == before and not said.get("deleted"):
            raise Bad(before, "shadowed: the bucket holds more than one version of it")
        key = _locked(said)
        if key < before:
            raise Bad(LISTING, f"damaged: {key} stands out of order; export again")
        before = key
        yield key


def _said(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of the listing; the first one is about the export."""
    try:
        with (folder / LISTING).open("rb") as file:
            while line := file.readline(MOST_ROW):
                said = json.loads(line)
                if not isinstance(said, dict):
                    raise ValueError("not an object")  # noqa: TRY301, TRY004 - one answer to all damage
                yield said
    except FileNotFoundError as error:
        raise Bad(LISTING, "missing: export again") from error
    except (OSError, ValueError, RecursionError) as error:
        raise Bad(LISTING, f"damaged: {error}; export again") from error


def _exported(folder: Path) -> datetime:
    """When the export was made; raises `Bad` when its listing is of another kind."""
    said = next(_said(folder), {})
    if said.get("schema") != LISTING_SCHEMA:
        raise Bad(LISTING, f"unknown version {said.get('schema')}: this verifier reads {LISTING_SCHEMA}")
    return _moment(said, "exported_at", LISTING)


def _listed(folder: Path, below: str) -> Named:
    for said in _said(folder):
        if str(said.get("key")).startswith(below):
            yield said["key"].partition("/")[2], _moment(said, "stored_at", said["key"])


def _locked(said: Mapping[str, Any]) -> str:
    """The key of an object; raises `Bad` for what the bucket should not hold, or does not protect."""
    key = said.get("key")
    if not isinstance(key, str):
        raise Bad(LISTING, "damaged: an object without a name; export again")
    log, _, name = key.partition("/")
    if log not in YEARS or not belongs(name, sys.maxsize):
        raise Bad(key, "added: not an object of a log")
    if said.get("deleted"):
        raise Bad(key, "removed: a delete marker hides it")
    if not said.get("retain_until"):
        raise Bad(key, "not under Object Lock")
    stored, lock = _moment(said, "stored_at", key), said.get("lock")
    kept = _moment(said, "retain_until", key) - stored
    if lock != "COMPLIANCE" or kept < timedelta(days=365 * YEARS[log]):
        raise Bad(key, f"locked as {lock} for {kept.days} days, less than its class demands")
    return key


def _moment(said: Mapping[str, Any], field_name: str, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said[field_name])
    except (KeyError, TypeError, ValueError) as error:
        raise Bad(key, f"{LISTING} does not say {field_name}; export again") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _as_exported(folder: Path, files: int) -> None:
    """Every object is here, and no others are; notes are as they were exported.

    Tiles need not be read again for that: the signed tree vouches for each of them, copies included.
    """
    rows = 0
    for rows, said in enumerate(_said(folder)):  # the first line is not about an object
        key = str(said.get("key"))
        if "/tile/" in key:
            if not (folder / key).exists():
                raise Bad(key, "missing")
        elif rows and hashlib.sha256(read(folder, key, MOST_NOTE)).hexdigest() != said.get("sha256"):
            raise Bad(key, f"differs from what {LISTING} says was exported")
    if rows != files:
        known = BESIDE.union(listing(folder))
        raise Bad(min(set(walk(folder)) - known), "added: the bucket does not list it")


# --- One proof ------------------------------------------------------------------------------------


def verify_proof(proof: Any, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> dict[str, Any]:
    """The event whose inclusion `proof` shows; raises `Bad`."""
    try:
        note, entry, index = proof["checkpoint"].encode(), proof["entry"].encode(), proof["index"]
        path = [base64.b64decode(step, validate=True) for step in proof["path"]]
        known = proof["schema"] == PROOF_SCHEMA and type(index) is int
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Bad("proof", "not a proof") from error
    if not known:
        raise Bad("proof", f"unknown version: this verifier reads {PROOF_SCHEMA}")
    head = read_checkpoint(note, keys, "the proof's checkpoint")
    for witness in witnesses:
        cosigned_at(note, witness, head.path)
    if not inclusion_holds(index, head.size, leaf_hash(entry), path, head.root):
        raise Bad("proof", "the entry is not part of the signed log at this place")
    try:
        read_events([entry])
    except NotAnEvent as error:
        raise Bad("proof", f"the entry is not an event: {error}") from error
    return dict(json.loads(entry))


# --- The command ----------------------------------------------------------------------------------


def run(
    path: Path, key: Path | None, known: Sequence[Path] = (), witnesses: Sequence[Path] = (), late: float = 1
) -> int:
    """Verify the export or the proof at `path` and say what was found; returns the exit code."""
    if key is None and path.is_file():
        return _say("a proof brings no key; give it with --key", IMPOSSIBLE)
    try:
        keys = load_keys(read(Path(), str(key or path / KEY_FILE), MOST_NOTE))
        seers = [one for file in witnesses for one in load_keys(read(Path(), str(file), MOST_NOTE), WITNESS)]
        kept = [read(Path(), str(file), MOST_NOTE) for file in known]
        if path.is_file():
            proof = json.loads(read(Path(), str(path), MOST_PROOF))
            event = verify_proof(proof, keys, seers)
            what = f"{event['event_id']} {event.get('action')}"
            return _say(f"ok: {what} is entry {proof['index']} of the ledger")
        days, spread = timedelta(days=late), shown(on_all_cores)
        logs = verify_export(path, keys, kept, witnesses=seers, late=days, spread=spread)
    except Bad as bad:
        return _say(f"BAD {bad}", FAILS)
    except (ValueError, OverflowError, RecursionError) as error:
        return _say(f"cannot read the key, the proof or the number of days: {error}", FAILS)
    for name, log in logs.items():
        _say(f"ok {name}: {log.size} entries, {log.checkpoints} checkpoints, root {log.latest.root.hex()}")
        if log.cosigned:
            _say(f"   witnessed: the first {log.cosigned.size} entries, at {log.cosigned.seen}")
    if key is None:
        _say(f"note: the key came with the export; compare {KEY_FILE} with one obtained elsewhere")
    return HOLDS


def _say(words: str, code: int = HOLDS) -> int:
    """Good news on stdout, bad news on stderr."""
    (sys.stderr if code else sys.stdout).write(words + "\n")
    return code


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


def main(words: Sequence[str] | None = None) -> int:
    """Run as a command of its own."""
    parser = argparse.ArgumentParser(prog="verify.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="an exported folder, or the proof of one event")
    parser.add_argument("--key", type=Path, help="the ledger's public key: PEM, DER or vkey")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="one kept from earlier")
    parser.add_argument(
        "--witness-key", type=Path, action="append", default=[], help="demand its cosignature"
    )
    parser.add_argument("--late", type=float, default=1, metavar="DAYS", help="how late an entry may be; 1")
    asked = parser.parse_args(words)
    return run(asked.path, asked.key, asked.checkpoint, asked.witness_key, asked.late)


if __name__ == "__main__":
    sys.exit(main())
