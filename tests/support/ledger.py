"""A small ledger for tests: tables and bucket in moto, an Ed25519 key, exported folders."""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moto import mock_aws

from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.export import export
from appguard.audit.intake import Intake
from appguard.audit.objects import LedgerObjects
from appguard.audit.outbox import Outbox
from appguard.audit.relay import message
from appguard.audit.sequencer import Sequencer
from appguard.audit.signing import pem
from appguard.audit.store import LedgerStore
from appguard.audit.subject_index import SubjectIndex
from appguard.audit.tiles import Tiles
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource, RetentionClass, Role
from appguard.kernel.ids import AppId, EventId
from tests.support.tables import catalog_and_outbox, table

__all__ = [  # the fixtures
    "aws",
    "copied",
    "dynamodb",
    "event",
    "exported",
    "intake",
    "key",
    "outbox",
    "relist_",
    "s3",
    "seal",
    "sequencer",
    "signer",
    "written",
]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "test.example/ledger"
LOGGER = logging.getLogger("test")


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
    catalog_and_outbox(client)
    table(client, "ledger")
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
    ledger_bucket(client)
    return client


def ledger_bucket(client) -> None:
    client.create_bucket(
        Bucket="ledger",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def signer(key) -> Signer:
    return Signer(key.public_key().public_bytes_raw(), key.sign)


@pytest.fixture
def intake(dynamodb, outbox, sequencer) -> Intake:
    return Intake(LedgerStore(dynamodb, "ledger", "outbox"), outbox, sequencer, LOGGER, lambda: NOW)


def queued(*events: AuditEvent) -> dict:
    """The SQS event that delivers these."""
    return {"Records": [{"messageId": one.event_id, "body": message(one.event_id)} for one in events]}


@pytest.fixture
def sequencer(dynamodb, s3, signer) -> Sequencer:
    return sequencer_of(dynamodb, s3, signer)[1]


def sequencer_of(dynamodb, s3, signer: Signer, clock: Clock = utc_now) -> tuple[LedgerStore, Sequencer]:
    """Another sequencer of the same ledger, and its store."""
    store, index = LedgerStore(dynamodb, "ledger", "outbox"), SubjectIndex(dynamodb, "ledger")
    return store, Sequencer(store, index, LedgerObjects(s3, "ledger", clock), signer, ORIGIN)


@pytest.fixture
def seal(outbox, intake):
    """Record events and make them entries."""

    def run(*events: AuditEvent) -> None:
        outbox.record(*events)
        intake.take(queued(*events))

    return run


@pytest.fixture
def exported(s3, signer, tmp_path):
    """Export the ledger into a fresh folder."""

    def run(name: str = "export") -> Path:
        export(s3, "ledger", pem(signer.public_key), tmp_path / name)
        return tmp_path / name

    return run


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """A folder as `export` writes it, with logs of the given sizes, one checkpoint a step; no AWS."""

    def write(
        steps: dict[str, list[int]],
        signing: Ed25519PrivateKey | None = None,
        entry: Callable[[int], bytes] | None = None,
    ) -> Path:
        private = signing or Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        signer = Signer(private.public_key().public_bytes_raw(), private.sign)
        folder = tmp_path_factory.mktemp("written")
        for log, sizes in steps.items():
            entries = entry or partial(some_event, int(log[0]))
            for path, body in log_objects(f"test.example/ledger/{log}", sizes, signer, entries).items():
                (folder / log / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / log / path).write_bytes(body)
        (folder / "ledger-key.pem").write_bytes(pem(signer.public_key))
        relist(folder)
        return folder

    return write


def some_event(log: int, n: int) -> bytes:
    """An entry as small as the verifier lets one be."""
    return b'{"event_id":"evt-%016x%016x","timestamp":"2026-03-01T12:00:00Z"}' % (log, n)


def log_objects(
    origin: str, sizes: list[int], signer: Signer, entry: Callable[[int], bytes]
) -> dict[str, bytes]:
    """Every object of a log that grew in steps."""
    tiles, objects = Tiles(), {}
    for size in sizes:
        while tiles.size < size:
            objects.update(tiles.append(entry(tiles.size)))
        objects.update(tiles.partial())
        note = checkpoint(origin, size, tiles.edge.root(), signer)
        objects[f"checkpoints/{size:020d}"] = objects["checkpoint"] = note
    return objects


def relist(folder: Path) -> None:
    """Write the listing an export of these files would have."""
    objects = [
        {
            "key": path.relative_to(folder).as_posix(),
            "version_id": "v",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "stored_at": NOW.isoformat(),
            "retain_until": (NOW + timedelta(days=8 * 366)).isoformat(),
            "lock": "COMPLIANCE",
        }
        for path in sorted(folder.glob("?y/**/*"), key=lambda path: path.as_posix())
        if path.is_file()
    ]
    about = {"schema": "appguard.export/v2", "bucket": "ledger", "exported_at": NOW.isoformat()}
    (folder / "objects.jsonl").write_text("".join(json.dumps(line) + "\n" for line in (about, *objects)))


@pytest.fixture
def copied(tmp_path):
    """A copy one may tamper with."""

    def copy(folder: Path, name: str = "copy") -> Path:
        return Path(shutil.copytree(folder, tmp_path / name))

    return copy


@pytest.fixture(name="relist")
def relist_():
    return relist
