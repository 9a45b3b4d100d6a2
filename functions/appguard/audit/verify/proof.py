"""The proof of one event."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from .bad import Bad
from .events import NotAnEvent, read_events
from .keys import Key
from .merkle import inclusion_holds, leaf_hash
from .notes import cosigned_at, read_checkpoint

MOST_PROOF = 1 << 18
"""Bytes of a proof."""
SCHEMA = "appguard.proof/v1"


def verify_proof(proof: Any, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> dict[str, Any]:
    """The event whose inclusion `proof` shows; raises `Bad`."""
    try:
        note, entry, index = proof["checkpoint"].encode(), proof["entry"].encode(), proof["index"]
        path = [base64.b64decode(step, validate=True) for step in proof["path"]]
        known = proof["schema"] == SCHEMA and type(index) is int
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Bad("proof", "not a proof") from error
    if not known:
        raise Bad("proof", f"unknown version: this verifier reads {SCHEMA}")
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
