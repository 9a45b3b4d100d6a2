"""The daily sync against a bucket, an outbox and an internet of our own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws

from appguard.kernel.errors import Unavailable
from appguard.kernel.event import AuditEvent, Result
from appguard.packages import stored
from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.index import Index
from appguard.packages.model import Pin
from appguard.packages.settings import SyncSettings
from appguard.packages.store import PackageStore
from appguard.packages.sync import Sync
from tests.unit.packages.conftest import osv, zipped

NOW = datetime.now(UTC)
OSV = "https://osv.example/all.zip"
FLASK = Pin("flask", "3.1.0")


class Outbox:
    def __init__(self) -> None:
        self.events: dict[str, AuditEvent] = {}

    def record(self, event: AuditEvent) -> None:
        self.events.setdefault(event.event_id, event)


class Internet(dict):
    """Answers by address; what is not there is a 404, and an error is raised."""

    def __call__(self, url: str, *, largest: int, seconds: float) -> bytes | None:
        assert url.startswith("https://")
        answer = self.get(url)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def store() -> Iterator[PackageStore]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="artifacts")
        yield PackageStore(s3, "artifacts")


@pytest.fixture
def internet() -> Internet:
    return Internet({OSV: zipped({"PYSEC-1.json": osv()})})


@pytest.fixture
def sync(store: PackageStore, internet: Internet) -> Sync:
    return Sync(store, Outbox(), OSV, internet, lambda: NOW)


def test_todays_export_becomes_the_index_and_an_event(sync: Sync, store: PackageStore) -> None:
    assert stored.StoredAdvisories(lambda: store).ask([Pin("thing", "1.0")]) is None
    sync.advisories()
    answer = stored.StoredAdvisories(lambda: store).ask([Pin("thing", "1.0")])
    assert [fault.id for faults in answer.vulnerabilities.values() for fault in faults] == ["PYSEC-1"]
    (event,) = sync.outbox.events.values()
    assert (event.action, event.result) == ("advisories.synced", Result.SUCCESS)
    assert event.metadata["advisories"] == 1


def test_the_same_export_twice_is_one_event(sync: Sync) -> None:
    sync.advisories()
    sync.advisories()
    assert len(sync.outbox.events) == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Unavailable("down"),
        b"<html>",
        zipped({"a.json": b"junk"}),
        zipped({}),
        zipped({"PYSEC-1.json": osv() | {"modified": "2020-01-01T00:00:00Z"}}),
    ],
)
def test_an_export_that_is_not_better_leaves_the_old_one_and_an_event(
    sync: Sync, store: PackageStore, internet: Internet, answer: object
) -> None:
    sync.advisories()
    before = store.index()
    internet[OSV] = answer
    with pytest.raises((Unavailable, AdvisoriesUnusable)):
        sync.advisories()
    assert store.index() == before
    assert [e.result for e in sync.outbox.events.values()] == [Result.SUCCESS, Result.FAILURE]


def test_an_export_that_lost_a_tenth_of_its_records_is_not_believed(
    sync: Sync, store: PackageStore, internet: Internet
) -> None:
    internet[OSV] = zipped({f"{n}.json": osv(f"A-{n}") for n in range(20)})
    sync.advisories()
    internet[OSV] = zipped({f"{n}.json": osv(f"A-{n}") for n in range(17)})
    with pytest.raises(AdvisoriesUnusable):
        sync.advisories()
    assert Index(store.index()).header.advisories == 20


@pytest.mark.parametrize(
    "url", ["http://osv.example/all.zip", "file:///etc/passwd", "https://x/ y", "ftp://x/y"]
)
def test_addresses_are_https(url: str) -> None:
    with pytest.raises(ValueError, match="OSV_URL"):
        SyncSettings.model_validate({"ARTIFACTS_BUCKET": "b", "OUTBOX_TABLE": "t", "OSV_URL": url})


def test_the_deployments_source_is_chosen_when_it_is_asked(
    store: PackageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scanner:
        def ask(self, pins):
            return "scanned"

    monkeypatch.setattr(stored, "_store", lambda: store)
    monkeypatch.setattr(stored, "_inspector", Scanner)
    monkeypatch.setenv("ARTIFACTS_BUCKET", "artifacts")
    assert stored.knowledge().advisories.ask([FLASK]) is None
    monkeypatch.setenv("ADVISORY_SOURCE", "inspector")
    assert stored.knowledge().advisories.ask([FLASK]) == "scanned"
