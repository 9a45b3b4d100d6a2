"""C2SP tlog-checkpoint: a tree head as a signed note (https://c2sp.org/signed-note)."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

ED25519 = b"\x01"


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key that signs without leaving its place."""

    public_key: bytes
    sign: Callable[[bytes], bytes]


def origin_of(base: str, log: str) -> str:
    """Name of the log of one retention class, e.g. `appguard.example.com/ledger/3y`."""
    return f"{base}/{log}"


def verifier_key(origin: str, public_key: bytes) -> str:
    """The log's key as other tools of the C2SP family take it: `<name>+<id>+<key>`."""
    encoded = base64.b64encode(ED25519 + public_key).decode()
    return f"{origin}+{_key_id(origin, public_key).hex()}+{encoded}"


def checkpoint(origin: str, size: int, root: bytes, signer: Signer) -> bytes:
    """The signed note for a tree head. A pure function of the head: Ed25519 is deterministic."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    blob = _key_id(origin, signer.public_key) + signer.sign(text.encode())
    return f"{text}\n— {origin} {base64.b64encode(blob).decode()}\n".encode()


def size_of(note: bytes) -> int:
    """Size of the tree a note speaks of, without looking at the signature."""
    return int(note.split(b"\n")[1])


def _key_id(origin: str, public_key: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public_key).digest()[:4]
