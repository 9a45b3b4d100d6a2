from datetime import UTC, datetime, timedelta

import pytest

from appguard.audit.checkpoint import checkpoint
from appguard.audit.objects import LedgerObjects, kept_until
from appguard.kernel.event import RetentionClass

LOG = RetentionClass.SEVEN_YEARS


@pytest.fixture
def objects(s3) -> LedgerObjects:
    return LedgerObjects(s3, "ledger")


def test_what_is_written_stays_locked_for_the_years_of_its_class(objects, s3):
    objects.put_once(LOG, "7y/x", b"first")
    found = s3.get_object(Bucket="ledger", Key="7y/x")
    assert found["ObjectLockMode"] == "COMPLIANCE"
    assert found["ObjectLockRetainUntilDate"] - datetime.now(UTC) > timedelta(days=7 * 365)


def test_a_taken_key_keeps_its_words_and_gives_them(objects, s3):
    objects.put_once(LOG, "7y/x", b"first")
    assert objects.put_once(LOG, "7y/x", b"second") == b"first"
    assert len(s3.list_object_versions(Bucket="ledger")["Versions"]) == 1


def test_the_latest_checkpoint_never_goes_back(objects, s3, signer):
    early, late = (checkpoint("o", size, b"r" * 32, signer) for size in (5, 9))
    for note in (early, late, early):
        objects.put_latest(LOG, note)
    assert s3.get_object(Bucket="ledger", Key="7y/checkpoint")["Body"].read() == late


def test_what_was_written_first_is_what_is_read_whatever_hides_it(objects, s3):
    objects.put_once(LOG, "7y/x", b"first")
    objects.put_once(LOG, "7y/x1", b"a neighbour")
    s3.put_object(Bucket="ledger", Key="7y/x", Body=b"forged")
    assert objects.get("7y/x") == b"first"
    s3.delete_object(Bucket="ledger", Key="7y/x")
    assert objects.get("7y/x") == b"first"
    assert objects.get("7y/") is None


@pytest.mark.parametrize("start", [datetime(2024, 2, 29, tzinfo=UTC), datetime(2023, 3, 1, tzinfo=UTC)])
@pytest.mark.parametrize("log", list(RetentionClass))
def test_no_leap_year_shortens_retention(start, log):
    try:
        anniversary = start.replace(year=start.year + log.years)
    except ValueError:
        anniversary = datetime(start.year + log.years, 3, 1, tzinfo=UTC)
    assert kept_until(start, log) >= anniversary
