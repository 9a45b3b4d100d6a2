"""The ledger's key: Ed25519 inside KMS."""

from typing import TYPE_CHECKING

from appguard.audit.checkpoint import Signer
from appguard.kernel.errors import Misconfigured
from appguard.kernel.pem import public_key_pem

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# A SubjectPublicKeyInfo of Ed25519 is this prefix and the 32 bytes of the key (RFC 8410).
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def kms_signer(client: "KMSClient", key_id: str) -> Signer:
    """Sign with the KMS key `key_id` (ECC_NIST_EDWARDS25519)."""
    der = client.get_public_key(KeyId=key_id)["PublicKey"]
    if not der.startswith(SPKI_PREFIX):
        raise Misconfigured("the ledger's key is not an Ed25519 key")

    def sign(message: bytes) -> bytes:
        return client.sign(
            KeyId=key_id, Message=message, MessageType="RAW", SigningAlgorithm="ED25519_SHA_512"
        )["Signature"]

    return Signer(der.removeprefix(SPKI_PREFIX), sign)


def pem(public_key: bytes) -> bytes:
    """The public key as other programs read it."""
    return public_key_pem(SPKI_PREFIX + public_key)
