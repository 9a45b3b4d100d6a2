"""The checkpoints of a log: what is signed, and what the auditor trusts to have signed it."""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from .bad import Bad
from .cores import in_turn
from .files import read, walk
from .keys import Key
from .log import KEPT, Log
from .names import HEAD_NAME, belongs
from .notes import MOST_NOTE, Checkpoint, cosigned_at, read_checkpoint


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
    log = open_log(
        folder, Trust(keys, known), prefix, [_stored(folder, "checkpoints"), _stored(folder, "witness")]
    )
    deque(log.verify(in_turn, events=False), 0)
    return log


def _stored(folder: Path, kind: str) -> Named:
    return sorted((f"{kind}/{one.name}", None) for one in (folder / kind).glob("*"))


def open_log(folder: Path, trust: Trust, prefix: str, named: Iterable[Named]) -> Log:
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
