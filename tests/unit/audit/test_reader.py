from pathlib import Path

import pytest

from appguard.audit.canonical import canonical
from appguard.audit.reader import in_bucket, in_folder
from appguard.audit.verify import Bad, load_keys, verify_proof
from appguard.kernel.errors import NotFound


@pytest.fixture
def ledger(written, event) -> Path:
    return written({"3y": [90, 180, 270]}, entry=lambda n: canonical(event(n)))


@pytest.fixture
def keys(ledger):
    return load_keys((ledger / "ledger-key.pem").read_bytes())


def test_every_proof_convinces_who_holds_only_the_key(ledger, keys, event):
    for n in (0, 17, 255, 256, 269):
        proof = in_folder(ledger).prove(event(n).event_id)
        assert verify_proof(proof, keys)["event_id"] == event(n).event_id


def test_a_proof_of_another_entry_convinces_nobody(ledger, keys, event):
    proof = in_folder(ledger).prove(event(3).event_id)
    for change in ({"entry": proof["entry"].replace("ana", "bob")}, {"index": proof["index"] + 1}):
        with pytest.raises(Bad):
            verify_proof({**proof, **change}, keys)


def test_an_event_that_is_no_entry_has_no_proof(ledger, event):
    with pytest.raises(NotFound):
        in_folder(ledger).prove(event(9999).event_id)


def test_search_reads_the_entries_that_a_later_version_hides(seal, s3, event):
    seal(event(1))
    s3.put_object(Bucket="ledger", Key="3y/tile/entries/000.p/1", Body=b"nothing happened here")
    assert [one.event for one in in_bucket(s3, "ledger").entries()] == [event(1)]
