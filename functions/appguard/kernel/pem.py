"""Public keys as other programs like to read them."""

import base64
import textwrap


def public_key_pem(spki: bytes) -> bytes:
    """A DER SubjectPublicKeyInfo as PEM (RFC 7468)."""
    lines = textwrap.wrap(base64.b64encode(spki).decode(), 64)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()
