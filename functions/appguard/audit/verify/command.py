"""Verify an exported folder, or the proof of one event; exits 1 naming the first bad object."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from .bad import Bad
from .cores import on_all_cores, shown
from .export import verify_export
from .files import read
from .keys import WITNESS, load_keys
from .listing import KEY_FILE
from .notes import MOST_NOTE
from .proof import MOST_PROOF, verify_proof

HOLDS, FAILS, IMPOSSIBLE = 0, 1, 3


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
        if log.dates.cosigned:
            _say(f"   witnessed: the first {log.dates.cosigned.size} entries, at {log.dates.cosigned.seen}")
    if key is None:
        _say(f"note: the key came with the export; compare {KEY_FILE} with one obtained elsewhere")
    return HOLDS


def _say(words: str, code: int = HOLDS) -> int:
    """Good news on stdout, bad news on stderr."""
    (sys.stderr if code else sys.stdout).write(words + "\n")
    return code


def main(words: Sequence[str] | None = None) -> int:
    """Run as a command of its own."""
    parser = argparse.ArgumentParser(prog="verify", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="an exported folder, or the proof of one event")
    parser.add_argument("--key", type=Path, help="the ledger's public key: PEM, DER or vkey")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="one kept from earlier")
    parser.add_argument(
        "--witness-key", type=Path, action="append", default=[], help="demand its cosignature"
    )
    parser.add_argument("--late", type=float, default=1, metavar="DAYS", help="how late an entry may be; 1")
    asked = parser.parse_args(words)
    return run(asked.path, asked.key, asked.checkpoint, asked.witness_key, asked.late)
