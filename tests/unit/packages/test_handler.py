"""The daily function as Lambda calls it."""

from collections.abc import Iterator
from functools import partial

import boto3
import pytest
from moto import mock_aws

from appguard.kernel.errors import Misconfigured
from appguard.packages import handler, sync
from appguard.packages.store import PackageStore
from appguard.packages.sync import Sync
from tests.unit.packages.conftest import osv, zipped


class Context:
    """What Powertools reads of Lambda's context."""

    function_name = "sync"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sync"
    aws_request_id = "r"


class Outbox:
    def record(self, *_: object) -> None:
        pass


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageStore]:
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("ARTIFACTS_BUCKET", "artifacts")
        monkeypatch.setenv("OUTBOX_TABLE", "outbox")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="artifacts")
        monkeypatch.setattr(sync, "outbox", Outbox)
        yield PackageStore(s3, "artifacts")


def test_a_run_says_what_it_brought(store: PackageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(_url: str, **_limits: float) -> bytes:
        return zipped({"PYSEC-1.json": osv()})

    monkeypatch.setattr(sync, "Sync", partial(Sync, fetch=fetch))
    assert handler.sync({}, Context()) == {"advisories": 1}
    assert store.index() is not None


def test_without_settings_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARTIFACTS_BUCKET", raising=False)
    with pytest.raises(Misconfigured, match="ARTIFACTS_BUCKET"):
        handler.sync({}, Context())
