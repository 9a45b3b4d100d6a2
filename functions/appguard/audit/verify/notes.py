"""Checkpoints: tree heads in C2SP signed notes, and what witnesses sign below them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from .bad import Bad
from .keys import SIGNER, WITNESS, Key
from .merkle import HASH, tree_hash

MOST_NOTE = 1 << 16
"""Bytes of a note."""
MOST_SECONDS = 1 << 36
"""The latest time of a cosignature: Python's calendar ends before eight bytes of seconds do."""


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
