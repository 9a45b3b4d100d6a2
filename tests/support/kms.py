"""A KMS with one P-256 key that treats digests as KMS does; moto hashes them a second time."""

import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PREHASHED = ec.ECDSA(utils.Prehashed(hashes.SHA256()))


class KMSInvalidSignatureException(Exception):
    """The signature does not hold."""


class Kms:
    """As much of the client as a builder's key needs."""

    class exceptions:  # noqa: N801 - as botocore names it
        KMSInvalidSignatureException = KMSInvalidSignatureException

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.signed = 0

    @property
    def spki(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def get_public_key(self, **_: Any) -> dict[str, Any]:
        return {"PublicKey": self.spki}

    def sign(self, **asked: Any) -> dict[str, Any]:
        self._check(asked)
        self.signed += 1
        return {"Signature": self.key.sign(asked["Message"], PREHASHED)}

    def verify(self, **asked: Any) -> dict[str, Any]:
        self._check(asked)
        try:
            self.key.public_key().verify(asked["Signature"], asked["Message"], PREHASHED)
        except InvalidSignature:
            raise KMSInvalidSignatureException from None
        return {"SignatureValid": True}

    def _check(self, asked: dict[str, Any]) -> None:
        assert asked["MessageType"] == "DIGEST"
        assert asked["SigningAlgorithm"] == "ECDSA_SHA_256"
        assert len(asked["Message"]) == hashlib.sha256().digest_size
