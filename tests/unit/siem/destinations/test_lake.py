from datetime import timedelta

import boto3
import duckdb
import pytest

from appguard.kernel.actions import Action
from appguard.kernel.event import RetentionClass
from appguard.siem.batches import message
from appguard.siem.delivery import Delivery
from appguard.siem.destinations.lake import SecurityLake
from appguard.siem.errors import Away
from appguard.siem.model import DestinationName
from tests.support.entries import AT, entry
from tests.support.siem_delivery import FakeCursors, FakeLedger, Time

HERE = "region=eu-central-1/accountId=111122223333"


@pytest.fixture
def s3(aws):
    client = boto3.client("s3")
    client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return client


@pytest.fixture
def lake(s3):
    return SecurityLake(s3, "lake", "eu-central-1", "111122223333")


def run(lake, ledger, cursors, time):
    return Delivery(
        DestinationName.LAKE, lambda: lake, ledger, cursors, time, time.sleep, lambda most: most
    ).run(time.now + timedelta(minutes=5))


def keys(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket="lake").get("Contents", ())]


def sequences(s3, key, folder):
    file = folder / "one.parquet"
    s3.download_file("lake", key, str(file))
    return [row[0] for row in duckdb.sql(f"SELECT metadata.sequence FROM '{file}' ORDER BY 1").fetchall()]


def test_every_class_and_day_has_an_object_where_security_lake_looks_for_it(lake, s3):
    ledger = FakeLedger(entry(0), entry(1, Action.PERSON_SIGNED_IN), entry(2, at=AT + timedelta(days=1)))
    time = Time()
    time.now += timedelta(days=2)
    assert run(lake, ledger, FakeCursors(), time).delivered == 3
    name = "3y-00000000000000000000.parquet"
    assert keys(s3) == [
        f"ext/appguard_3002/{HERE}/eventDay=20260301/{name}",
        f"ext/appguard_6002/{HERE}/eventDay=20260301/{name}",
        f"ext/appguard_6002/{HERE}/eventDay=20260302/{name}",
    ]


def test_a_repetition_writes_over_what_a_broken_run_left(lake, s3, tmp_path):
    """The run that put objects and died before its cursor moved is repeated on a longer ledger."""
    lake.send(RetentionClass.THREE_YEARS, 0, [message(entry(n)) for n in range(3)])
    [left] = keys(s3)
    ledger, cursors = FakeLedger(*(entry(n) for n in range(5))), FakeCursors()
    run(lake, ledger, cursors, Time())
    assert keys(s3) == [left]
    assert sequences(s3, left, tmp_path) == [0, 1, 2, 3, 4]


def test_entries_gather_for_five_minutes(lake, s3):
    time, ledger, cursors = Time(), FakeLedger(entry(0)), FakeCursors()
    time.now = AT + timedelta(minutes=4)
    progress = run(lake, ledger, cursors, time)
    assert (progress.state, keys(s3), progress.lag["3y"]) == ("done", [], 240)
    time.now = AT + timedelta(minutes=6)
    assert run(lake, ledger, cursors, time).delivered == 1


def test_a_bucket_that_takes_nothing_is_an_outage(aws):
    lake = SecurityLake(boto3.client("s3"), "no-such-bucket", "eu-central-1", "111122223333")
    with pytest.raises(Away):
        lake.send(RetentionClass.THREE_YEARS, 0, [message(entry(0))])
