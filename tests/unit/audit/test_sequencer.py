import pytest

from appguard.audit.reader import in_bucket
from appguard.audit.verify import Bad, load_keys, verify_export
from appguard.kernel.event import RetentionClass


def verify(folder):
    return verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))


def test_an_event_becomes_an_entry_of_the_log_of_its_class(seal, exported, event):
    seal(event(1), event(2, kept=RetentionClass.SEVEN_YEARS), event(3))
    assert {name: log.size for name, log in verify(exported()).items()} == {"3y": 2, "7y": 1}


def test_entries_are_the_recorded_events(seal, s3, event):
    seal(event(1, rows=7))
    [entry] = in_bucket(s3, "ledger").entries()
    assert entry.event == event(1, rows=7)


def test_more_events_than_a_transaction_takes(seal, exported, event):
    seal(*(event(n) for n in range(100)))
    seal(event(100))
    [log] = verify(exported()).values()
    assert (log.size, log.checkpoints) == (101, 2)


def test_it_goes_on_from_what_was_written_not_from_what_hides_it(seal, s3, exported, event):
    seal(event(1))
    for name in ("entries", "0"):
        s3.put_object(Bucket="ledger", Key=f"3y/tile/{name}/000.p/1", Body=b"forged")
    seal(event(2))
    assert [one.event for one in in_bucket(s3, "ledger").entries()] == [event(1), event(2)]
    with pytest.raises(Bad, match="shadowed"):
        verify(exported())


def test_delivering_again_changes_nothing(seal, s3, event):
    seal(event(1), event(2))
    before = s3.list_object_versions(Bucket="ledger")["Versions"]
    seal(event(1), event(2))
    assert s3.list_object_versions(Bucket="ledger")["Versions"] == before
