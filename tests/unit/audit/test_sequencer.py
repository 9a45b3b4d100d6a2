from appguard.audit.reader import in_bucket
from appguard.audit.verify import load_keys, verify_export
from appguard.kernel.event import RetentionClass


def verified(folder):
    return verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))


def test_an_event_becomes_an_entry_of_the_log_of_its_class(seal, exported, event):
    seal(event(1), event(2, kept=RetentionClass.SEVEN_YEARS), event(3))
    assert {name: log.size for name, log in verified(exported()).items()} == {"3y": 2, "7y": 1}


def test_entries_are_the_recorded_events(seal, s3, event):
    seal(event(1, rows=7))
    [entry] = in_bucket(s3, "ledger").entries()
    assert entry.event == event(1, rows=7)


def test_more_events_than_a_transaction_takes(seal, exported, event):
    seal(*(event(n) for n in range(100)))
    seal(event(100))
    [log] = verified(exported()).values()
    assert (log.size, len(log.heads)) == (101, 3)


def test_delivering_again_changes_nothing(seal, s3, event):
    seal(event(1), event(2))
    before = s3.list_object_versions(Bucket="ledger")["Versions"]
    seal(event(1), event(2))
    assert s3.list_object_versions(Bucket="ledger")["Versions"] == before
