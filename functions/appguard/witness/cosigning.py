"""C2SP tlog-cosignature: what a witness puts under a checkpoint (https://c2sp.org/tlog-cosignature)."""

import base64
import hashlib
from datetime import datetime

from appguard.audit.checkpoint import Signer

COSIGNATURE = b"\x04"
TIMESTAMP_BYTES = 8


def cosigner_key(name: str, public_key: bytes) -> str:
    """The witness's key as other tools of the C2SP family take it: `<name>+<id>+<key>`."""
    encoded = base64.b64encode(COSIGNATURE + public_key).decode()
    return f"{name}+{_key_id(name, public_key).hex()}+{encoded}"


def cosignature(name: str, at: datetime, note: bytes, signer: Signer) -> bytes:
    """The line that says: at this time, of all trees of this log I saw, this was the largest."""
    seconds = int(at.timestamp())
    signature = signer.sign(_message(seconds, note))
    blob = _key_id(name, signer.public_key) + seconds.to_bytes(TIMESTAMP_BYTES, "big") + signature
    return f"— {name} {base64.b64encode(blob).decode()}\n".encode()


def holds(line: bytes, name: str, public_key: bytes, note: bytes) -> bool:
    """Whether `line` is a cosignature of `note` by this witness."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - the witness itself checks none
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    start = f"— {name} ".encode()
    blob = base64.b64decode(line.removeprefix(start).strip())
    if not line.startswith(start) or blob[:4] != _key_id(name, public_key):
        return False
    seconds = int.from_bytes(blob[4:12], "big")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(blob[12:], _message(seconds, note))
    except InvalidSignature:
        return False
    return True


def _message(seconds: int, note: bytes) -> bytes:
    text = note.partition(b"\n\n")[0] + b"\n"
    return b"cosignature/v1\ntime %d\n%b" % (seconds, text)


def _key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + COSIGNATURE + public_key).digest()[:4]
