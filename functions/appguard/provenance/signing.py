"""The builder's key: ECDSA on P-256 inside KMS.

Not Ed25519, which the ledger uses: KMS signs at most 4,096 bytes that way, and takes no digest of more.
"""

import hashlib
from typing import TYPE_CHECKING, Literal, TypedDict

from appguard.provenance.keys import keyid_of

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class _Digest(TypedDict):
    KeyId: str
    Message: bytes
    MessageType: Literal["DIGEST"]
    SigningAlgorithm: Literal["ECDSA_SHA_256"]


class BuilderKey:
    """The key in KMS: its public half, signing, and checking a signature without any library of our own."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        """Use the KMS key `key_id` (ECC_NIST_P256)."""
        self._kms, self._key_id = client, key_id
        self.spki = client.get_public_key(KeyId=key_id)["PublicKey"]

    @property
    def keyid(self) -> str:
        """The name its signatures carry."""
        return keyid_of(self.spki)

    def sign(self, message: bytes) -> bytes:
        """A signature over `message`, in DER."""
        return self._kms.sign(**self._digest(message))["Signature"]

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` over `message` was made with this key."""
        try:
            return self._kms.verify(**self._digest(message), Signature=signature)["SignatureValid"]
        except self._kms.exceptions.KMSInvalidSignatureException:
            return False

    def _digest(self, message: bytes) -> _Digest:
        return {
            "KeyId": self._key_id,
            "Message": hashlib.sha256(message).digest(),
            "MessageType": "DIGEST",
            "SigningAlgorithm": "ECDSA_SHA_256",
        }
