from datetime import timedelta

import boto3
import pytest

from appguard.audit.reader import in_bucket
from appguard.audit.search import index, segments, table
from appguard.audit.search.reading import steady
from appguard.audit.search.search import Search
from appguard.audit.search.store import SegmentStore
from appguard.audit.verify import Key
from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
from tests.unit.audit.search.made import START


@pytest.fixture
def shelf(s3) -> SegmentStore:
    s3.create_bucket(Bucket="index", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return SegmentStore(boto3.client("s3"), "index")


@pytest.fixture
def narrow(monkeypatch) -> int:
    """Segments of four entries, so that a test has several."""
    for module in (segments, index, table):
        monkeypatch.setattr(module, "WIDTH", 4)
    return 4


@pytest.fixture
def update(s3, shelf):
    """Bring the index up to date, a day after event number 4."""
    later = START + timedelta(days=1, seconds=4)
    return lambda over=lambda: False: index.bring_up_to_date(
        in_bucket(s3, "ledger"), shelf, over, lambda: later
    )


@pytest.fixture
def search(s3, shelf, signer) -> Search:
    return Search(steady(in_bucket(s3, "ledger")), shelf, [Key(signer.public_key)], most_fresh=5)
