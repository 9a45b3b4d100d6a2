"""A whole export: every log, and what the bucket said of every object."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from .bad import Bad
from .cores import Spread, in_turn
from .files import read, walk
from .heads import Trust, open_log
from .keys import Key
from .listing import BESIDE, LISTING, UNFINISHED, YEARS, exported_at, lines, listed, listing
from .log import KEPT, Log
from .notes import MOST_NOTE, read_checkpoint
from .seen import Seen

UNSEEN = timedelta(days=1)
"""How long a checkpoint may wait until a witness has seen it."""


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
    exported = exported_at(folder)
    names = {key.partition("/")[0] for key in listing(folder)}
    logs: dict[str, Log] = {}
    with closing(Seen()) as seen:
        for name in sorted(names | {name for name in YEARS if (folder / name).is_dir()}):
            named = [listed(folder, f"{name}/{kind}/") for kind in ("checkpoints", "witness")]
            log = logs[name] = open_log(folder / name, trust, f"{name}/", named)
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
    if not log.dates.cosigned:
        raise Bad(f"{log.prefix}witness", "missing: no checkpoint carries the given witness's cosignature")
    head = log.dates.unseen
    if head and head.stored and head.stored < exported - UNSEEN:
        raise Bad(head.path, f"no cosignature: signed at {head.stored}, and no witness saw it since")


def _one_ledger(logs: Mapping[str, Log], trust: Trust) -> None:
    """All logs are of one ledger, and none has vanished of which the auditor holds a checkpoint."""
    origins = {log.latest.origin: name for name, log in logs.items()}
    if len({origin.rpartition("/")[0] for origin in origins}) > 1:
        raise Bad(f"{max(logs)}/checkpoint", f"foreign: these are of different ledgers: {', '.join(origins)}")
    for raw in trust.known:
        kept = read_checkpoint(raw, trust.keys, KEPT)
        if kept.origin not in origins:
            raise Bad(kept.origin.rpartition("/")[2], f"missing: {KEPT} is of the log {kept.origin}")


def _as_exported(folder: Path, files: int) -> None:
    """Every object is here, and no others are; notes are as they were exported.

    Tiles need not be read again for that: the signed tree vouches for each of them, copies included.
    """
    rows = 0
    for rows, said in enumerate(lines(folder)):  # the first line is not about an object
        key = str(said.get("key"))
        if "/tile/" in key:
            if not (folder / key).exists():
                raise Bad(key, "missing")
        elif rows and hashlib.sha256(read(folder, key, MOST_NOTE)).hexdigest() != said.get("sha256"):
            raise Bad(key, f"differs from what {LISTING} says was exported")
    if rows != files:
        known = BESIDE.union(listing(folder))
        raise Bad(min(set(walk(folder)) - known), "added: the bucket does not list it")
