"""What the one function that asks the index keeps, and what others read of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from appguard.apps.bundle import Bundle
from appguard.kernel.errors import Misconfigured
from appguard.packages import handler, stored
from appguard.packages.fetching import fetching
from appguard.packages.model import Resolution
from appguard.packages.settings import IndexSettings
from appguard.packages.store import PackageStore
from appguard.packages.stored import StoredIndex
from appguard.packages.wheels import WheelRefused
from tests.support.package_index import Index, basic
from tests.unit.packages.test_handler import Context

BARE = "thing==1.0\n"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, index: Index) -> Iterator[PackageStore]:
    index.add("thing", "1.0")
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("ARTIFACTS_BUCKET", "artifacts")
        monkeypatch.setenv("PACKAGE_INDEX_URL", index.url)
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="artifacts")
        found = PackageStore(s3, "artifacts")
        monkeypatch.setattr(stored, "_store", lambda: found)
        fetching.cache_clear()
        yield found
        fetching.cache_clear()


@pytest.fixture
def whole(store: PackageStore) -> bytes:
    """A complete file that was fetched."""
    handler.fetch({"requirements": BARE}, Context())
    text = store.resolution(sha256(BARE.encode()).hexdigest()).proposal
    handler.fetch({"requirements": text}, Context())
    return text.encode()


def test_what_is_installed_stands_in_the_bucket_and_can_be_lent(store: PackageStore, whole: bytes) -> None:
    known = StoredIndex(lambda: store).resolve(whole)
    assert known.installed
    assert f"packages/installed/{known.installed}.zip" in store.place(known.installed)


def test_the_packages_of_an_app_are_those_that_were_tested(store: PackageStore, whole: bytes) -> None:
    assert stored.installed(whole)["thing/__init__.py"] == b"VERSION = '1.0'\n"
    assert stored.installed(b"") == {}


def test_packages_that_were_never_tested_are_never_shipped(store: PackageStore) -> None:
    with pytest.raises(WheelRefused, match="never installed"):
        stored.installed(BARE.encode())


@pytest.mark.parametrize("harm", ["wheel", "record"])
def test_what_was_altered_since_is_not_shipped(store: PackageStore, whole: bytes, harm: str) -> None:
    digest = sha256(whole).hexdigest()
    known = store.resolution(digest)
    if harm == "wheel":
        store.keep_wheel(known.facts[0].wheel.sha256, b"another")
    else:
        store.save_resolution(digest, known.model_copy(update={"installed": "0" * 64}))
    with pytest.raises(WheelRefused, match=r"as it was examined|not the ones"):
        stored.installed(whole)


def test_a_bundle_under_review_is_read_from_the_bucket(store: PackageStore) -> None:
    leave_request = Bundle.from_dir(Path("examples/leave-request"))
    bundle = Bundle({**leave_request.files, "requirements.txt": BARE.encode()})
    key = f"bundles/{bundle.digest.hex}.zip"
    store._s3.put_object(Bucket="artifacts", Key=key, Body=bundle.to_zip())
    assert handler.fetch({"bundle_digest": bundle.digest}, Context())["packages"] == 1
    store._s3.put_object(
        Bucket="artifacts", Key=f"bundles/{leave_request.digest.hex}.zip", Body=leave_request.to_zip()
    )
    assert handler.fetch({"bundle_digest": leave_request.digest}, Context())["packages"] == 0


def test_an_index_that_fails_leaves_what_was_known_and_says_so(
    store: PackageStore, whole: bytes, index: Index
) -> None:
    before = StoredIndex(lambda: store).resolve(whole)
    index.wants = "a login"
    handler.fetch({"requirements": whole.decode()}, Context())
    after = StoredIndex(lambda: store).resolve(whole)
    assert after.failed
    assert after.model_copy(update={"failed": None}) == before


def test_without_an_index_it_says_so(store: PackageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKAGE_INDEX_URL", "")
    handler.fetch({"requirements": BARE}, Context())
    assert "no package index" in StoredIndex(lambda: store).resolve(BARE.encode()).failed


def test_a_mirror_gets_the_login_of_its_secret(
    store: PackageStore, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.wants = basic("aws:token")
    boto3.client("secretsmanager").create_secret(Name="mirror", SecretString="aws:token")
    monkeypatch.setenv("PACKAGE_INDEX_SECRET", "mirror")
    assert handler.fetch({"requirements": BARE}, Context())["packages"] == 1


def test_what_nobody_asked_about_yet_is_asked_when_somebody_may(store: PackageStore) -> None:
    asked = []

    def ask(content: bytes) -> None:
        asked.append(content)
        store.save_resolution(sha256(content).hexdigest(), Resolution(at=datetime.now(UTC)))

    assert StoredIndex(lambda: store).resolve(b"x==1").failed
    source = StoredIndex(lambda: store, ask)
    assert not source.resolve(b"x==1").failed
    source.resolve(b"x==1")
    assert asked == [b"x==1"]
    old = Resolution(at=datetime.now(UTC) - timedelta(days=2))
    store.save_resolution(sha256(b"x==1").hexdigest(), old)
    source.resolve(b"x==1")
    assert asked == [b"x==1"] * 2


@pytest.mark.parametrize(
    "url",
    ["http://pypi.example/simple", "https://user:word@x.example/simple", "file:///x", "http://127.0.0.1/x"],
)
def test_an_index_stands_behind_https_or_on_this_machine(monkeypatch, url: str) -> None:
    monkeypatch.setenv("ARTIFACTS_BUCKET", "b")
    monkeypatch.setenv("PACKAGE_INDEX_URL", url)
    with pytest.raises(Misconfigured, match="PACKAGE_INDEX_URL"):
        IndexSettings.from_env()


def test_the_event_is_validated(store: PackageStore) -> None:
    for event in ({"bundle_digest": "../x"}, {"requirements": "x" * 300_000}):
        with pytest.raises(ValueError, match="Wanted"):
            handler.fetch(event, Context())
