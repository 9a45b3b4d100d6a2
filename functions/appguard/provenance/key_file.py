"""Public keys in files, for those who verify without AWS. Needs `cryptography`, which no function carries."""

import re
from typing import TYPE_CHECKING

from appguard.provenance.dsse import Unreadable
from appguard.provenance.keys import Keys, keyid_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def load_keys(text: bytes) -> Keys:
    """The keys in a file: one in DER, or any number in PEM, as after a change of key.

    Raises `Unreadable` for anything but ECDSA P-256.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - likewise
        load_der_public_key,
        load_pem_public_key,
    )

    blocks = _PEM.findall(text)
    try:
        found = [load_pem_public_key(block) for block in blocks] or [load_der_public_key(text)]
    except (ValueError, UnsupportedAlgorithm):
        raise Unreadable("the file holds no public key in PEM or DER") from None
    return dict(map(_known, found))


def _known(key: object) -> "tuple[str, Verifier]":
    from cryptography.hazmat.primitives.asymmetric.ec import (  # noqa: PLC0415 - likewise
        SECP256R1,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    if not (isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)):
        raise Unreadable("the key is not an ECDSA key on P-256")
    return keyid_of(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)), Verifier(key)


class Verifier:
    """Checks signatures with a key at hand."""

    def __init__(self, key: "EllipticCurvePublicKey") -> None:
        """Keep `key`."""
        self._key = key

    def __call__(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` over `message` was made by the key's holder."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - likewise
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

        try:
            self._key.verify(signature, message, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True
