import base64
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.reader import in_folder
from appguard.audit.verify import WITNESS, Bad, load_keys, verify_export, verify_proof
from appguard.audit.verify.command import run
from tests.support.ledger import NOW

NAME = "appguard/witness"
SEEN = int(NOW.timestamp())


@pytest.fixture
def witness() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"w" * 32)


def vkey(private: Ed25519PrivateKey) -> bytes:
    blob = b"\x04" + private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(NAME.encode() + b"\n" + blob).hexdigest()[:8]
    return f"{NAME}+{key_id}+{base64.b64encode(blob).decode()}".encode()


def cosigned(note: bytes, private: Ed25519PrivateKey, seconds: int = SEEN) -> bytes:
    """The note with one more line, as C2SP tlog-cosignature has it."""
    text = note.partition(b"\n\n")[0] + b"\n"
    signature = private.sign(b"cosignature/v1\ntime %d\n" % seconds + text)
    key_id = hashlib.sha256(NAME.encode() + b"\n\x04" + private.public_key().public_bytes_raw()).digest()[:4]
    blob = base64.b64encode(key_id + seconds.to_bytes(8, "big") + signature).decode()
    return note + f"— {NAME} {blob}\n".encode()


def see(folder: Path, size: int, private: Ed25519PrivateKey, seconds: int = SEEN, log: str = "3y") -> Path:
    note = (folder / log / f"checkpoints/{size:020d}").read_bytes()
    path = folder / log / f"witness/{size:020d}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(cosigned(note, private, seconds))
    return path


@pytest.fixture(scope="module")
def original(written, event_of) -> Path:
    return written({"3y": [3, 300, 520]}, entry=event_of)


@pytest.fixture(scope="module")
def event_of():
    def entry(n: int) -> bytes:
        return b'{"action":"app.created","event_id":"evt-%032x","timestamp":"2026-03-01T12:00:00Z"}' % n

    return entry


@pytest.fixture
def folder(original, copied) -> Path:
    return copied(original)


@pytest.fixture
def check(relist, witness):
    def verify(folder: Path, **words):
        relist(folder)
        keys = load_keys((folder / "ledger-key.pem").read_bytes())
        return verify_export(folder, keys, witnesses=load_keys(vkey(witness), WITNESS), **words)["3y"]

    return verify


def test_a_log_says_up_to_where_and_when_a_witness_saw_it(folder, witness, check):
    see(folder, 3, witness, SEEN - 60)
    see(folder, 300, witness)
    log = check(folder)
    assert (log.size, log.dates.cosigned.size, log.dates.cosigned.seen) == (520, 300, NOW)


def test_a_cosignature_is_missing_from_the_whole_log(folder, check):
    with pytest.raises(Bad, match=r"^3y/witness: missing"):
        check(folder)


def test_a_cosignature_is_missing_from_a_checkpoint_among_the_cosigned(folder, witness, check):
    path = see(folder, 300, witness)
    path.write_bytes((folder / f"3y/checkpoints/{300:020d}").read_bytes())
    with pytest.raises(Bad, match=f"^3y/witness/{300:020d}: the cosignature of {NAME} is missing"):
        check(folder)


def test_a_cosignature_of_another_witness_is_none(folder, check):
    see(folder, 300, Ed25519PrivateKey.generate())
    with pytest.raises(Bad, match="is missing"):
        check(folder)


def test_a_wrong_cosignature(folder, witness, check):
    path = see(folder, 300, witness)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]) + cosigned(b"", witness).splitlines(keepends=True)[-1])
    with pytest.raises(Bad, match=f"^3y/witness/{300:020d}: forged: the cosignature"):
        check(folder)


def test_a_cosigned_checkpoint_of_another_history_is_a_fork(folder, witness, check, written):
    other = written(
        {"3y": [300]},
        entry=lambda n: b'{"event_id":"evt-%032x","timestamp":"2026-03-01T12:00:00Z"}' % (n + 9),
    )
    note = (other / "3y/checkpoint").read_bytes()
    see(folder, 300, witness).write_bytes(cosigned(note, witness))
    with pytest.raises(Bad, match=f"^3y/witness/{300:020d}: forked"):
        check(folder)


def test_a_witness_whose_clock_goes_back_is_named(folder, witness, check):
    see(folder, 3, witness, SEEN)
    see(folder, 300, witness, SEEN - 60)
    with pytest.raises(Bad, match=f"^3y/witness/{300:020d}: back-dated"):
        check(folder)


def test_what_no_witness_saw_for_a_day_is_named(folder, witness, check, monkeypatch):
    see(folder, 300, witness)
    check(folder)
    monkeypatch.setattr("appguard.audit.verify.export.exported_at", lambda _: NOW + timedelta(days=2))
    with pytest.raises(Bad, match=f"^3y/checkpoints/{520:020d}: no cosignature"):
        check(folder)


def test_an_entry_back_dated_to_before_a_witness_saw_what_is_in_front_of_it(folder, witness, check):
    see(folder, 300, witness, SEEN + 90_000)
    with pytest.raises(Bad, match="entry 300 says 2026-03-01"):
        check(folder, late=timedelta(days=1))


def test_a_proof_rests_on_a_cosigned_checkpoint_where_there_is_one(folder, witness):
    see(folder, 300, witness)
    keys = load_keys((folder / "ledger-key.pem").read_bytes())
    seers = load_keys(vkey(witness), WITNESS)
    reader = in_folder(folder)
    early, late = (reader.prove(f"evt-{n:032x}") for n in (299, 300))
    assert verify_proof(early, keys, seers)["event_id"] == f"evt-{299:032x}"
    assert verify_proof(late, keys)["event_id"] == f"evt-{300:032x}"
    with pytest.raises(Bad, match="is missing"):
        verify_proof(late, keys, seers)


def test_the_command_tells_what_a_witness_saw(folder, witness, relist, tmp_path, capsys):
    see(folder, 300, witness)
    relist(folder)
    key = tmp_path / "witness.vkey"
    key.write_bytes(vkey(witness))
    assert run(folder, None, witnesses=[key]) == 0
    assert "witnessed: the first 300 entries, at 2026-03-01 12:00:00+00:00" in capsys.readouterr().out


def test_a_witness_key_is_no_key_of_the_ledger(witness):
    with pytest.raises(ValueError, match="of the kind that is asked for"):
        load_keys(vkey(witness))
