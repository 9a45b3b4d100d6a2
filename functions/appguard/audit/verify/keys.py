"""Public keys: the ledger's, and those of witnesses."""

import base64
import hashlib
from dataclasses import dataclass

SIGNER, WITNESS = b"\x01", b"\x04"
"""C2SP's kinds of Ed25519 keys: of a log, and of who cosigns its checkpoints."""


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
