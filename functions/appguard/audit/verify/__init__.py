"""The offline verifier: an exported folder, or the proof of one event, and a public key; nothing else.

Needs Python and `cryptography`. It shares no code with the ledger's writer on purpose, so that a
mistake there is not repeated here; nor does it import anything but its own files, so that it works
alone (`verify.pyz`). Hashing is RFC 6962; the folder is C2SP tlog-tiles; checkpoints are C2SP signed
notes (Ed25519), cosignatures of witnesses C2SP tlog-cosignature; entries are events as canonical
JSON (RFC 8785).

Read it in this order: `bad`, `merkle`, `keys`, `notes` are the mathematics; `files`, `names`,
`canonical`, `events`, `bundles` say what an object may be; `tree`, `dates`, `blame` and `log` verify
one log, `heads` finds its checkpoints; `listing`, `seen` and `export` verify a whole export, `proof`
one event; `cores` and `command` make it quick and usable. It reads no object beyond the size such an
object may have, follows no links, and holds one tile a level, however large the log is.
"""

from .bad import Bad
from .export import verify_export
from .heads import verify_log
from .keys import WITNESS, Key, load_keys
from .listing import KEY_FILE
from .log import Log
from .merkle import consistency_holds
from .notes import read_checkpoint
from .proof import verify_proof

__all__ = [
    "KEY_FILE",
    "WITNESS",
    "Bad",
    "Key",
    "Log",
    "consistency_holds",
    "load_keys",
    "read_checkpoint",
    "verify_export",
    "verify_log",
    "verify_proof",
]
