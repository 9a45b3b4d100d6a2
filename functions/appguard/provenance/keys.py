"""Public keys, known by the SHA-256 of their SubjectPublicKeyInfo, and what they can tell."""

import hashlib
from collections.abc import Callable, Mapping

Check = Callable[[bytes, bytes], bool]
"""Whether a signature (DER) over a message was made by the key's holder."""

Keys = Mapping[str, Check]


def keyid_of(spki: bytes) -> str:
    """The name of a key: SHA-256 over its DER form, in hexadecimal."""
    return hashlib.sha256(spki).hexdigest()
