from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moto import mock_aws

from appguard.audit.checkpoint import Signer
from appguard.audit.export import export
from appguard.audit.objects import LedgerObjects
from appguard.audit.outbox import Outbox
from appguard.audit.sequencer import Sequencer
from appguard.audit.signing import pem
from appguard.audit.store import LedgerStore
from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role
from appguard.kernel.ids import AppId, EventId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws):
    client = boto3.client("dynamodb")
    key = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    names = [{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")]
    unsealed = [{"AttributeName": n, "AttributeType": "S"} for n in ("unsealed", "at")]
    index = {
        "IndexName": "unsealed",
        "KeySchema": [
            {"AttributeName": "unsealed", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["retention_class"]},
    }
    for table, extra in (("ledger", {}), ("catalog", {}), ("outbox", {"GlobalSecondaryIndexes": [index]})):
        client.create_table(
            TableName=table,
            KeySchema=key,
            AttributeDefinitions=names + (unsealed if extra else []),
            BillingMode="PAY_PER_REQUEST",
            **extra,
        )
    return client


@pytest.fixture
def outbox(dynamodb) -> Outbox:
    return Outbox(dynamodb, "outbox", sleep=lambda _: None)


@pytest.fixture
def event():
    """Build an event; equal numbers give equal ids."""

    def build(
        n: int = 0,
        *,
        kept: RetentionClass = RetentionClass.THREE_YEARS,
        action: str = "app.created",
        **metadata,
    ) -> AuditEvent:
        return AuditEvent.of(
            action,
            Actor(id="ana", role=Role.REQUESTER),
            Resource(type="app", id="leave-request"),
            NOW,
            event_id=EventId.of("test", str(n)),
            app_id=AppId("leave-request"),
            retention_class=kept,
            **metadata,
        )

    return build


@pytest.fixture
def s3(aws):
    client = boto3.client("s3")
    client.create_bucket(
        Bucket="ledger",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    return client


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def signer(key) -> Signer:
    return Signer(key.public_key().public_bytes_raw(), key.sign)


@pytest.fixture
def sequencer(dynamodb, s3, signer) -> Sequencer:
    return Sequencer(
        LedgerStore(dynamodb, "ledger", "outbox"), LedgerObjects(s3, "ledger"), signer, "test.example/ledger"
    )


@pytest.fixture
def seal(outbox, sequencer):
    """Record events and make them entries."""

    def run(*events: AuditEvent) -> None:
        outbox.record(*events)
        for log, rows in sequencer.logs_of([event.event_id for event in events]).items():
            sequencer.append(log, rows)

    return run


@pytest.fixture
def exported(s3, signer, tmp_path):
    """Export the ledger into a fresh folder."""

    def run(name: str = "export") -> Path:
        export(s3, "ledger", pem(signer.public_key), tmp_path / name)
        return tmp_path / name

    return run
