"""A witness for tests: a table in moto, an Ed25519 key."""

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.checkpoint import Signer, origin_of
from appguard.audit.cosigning import Cosigning
from appguard.audit.objects import LedgerObjects
from appguard.audit.verify import Key
from appguard.kernel.event import RetentionClass
from appguard.witness import handler
from appguard.witness.store import Memory
from appguard.witness.witness import Witness
from tests.support.ledger import NOW, ORIGIN
from tests.support.tables import table

__all__ = ["cosigning", "memory", "witness", "witness_signer"]

NAME = "test.example/witness"


@pytest.fixture
def memory(aws) -> Memory:
    client = boto3.client("dynamodb")
    table(client, "witness", keys=("pk",))
    return Memory(client, "witness")


@pytest.fixture
def witness_signer() -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    return Signer(key.public_key().public_bytes_raw(), key.sign)


@pytest.fixture
def witness(memory, witness_signer, signer) -> Witness:
    origins = {origin_of(ORIGIN, log) for log in RetentionClass}
    return Witness(NAME, memory, witness_signer, origins, [Key(signer.public_key)], lambda: NOW)


@pytest.fixture
def cosigning(s3, outbox, witness, witness_signer, monkeypatch) -> Cosigning:
    """What has this ledger's checkpoints cosigned by that witness."""
    monkeypatch.setattr(handler, "_witness", lambda: witness)
    return Cosigning(
        LedgerObjects(s3, "ledger"),
        lambda submission: handler.answered(submission.body()),
        NAME,
        witness_signer.public_key,
        outbox,
        lambda: NOW,
    )
