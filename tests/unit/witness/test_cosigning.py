import base64
from datetime import UTC, datetime

from appguard.audit.checkpoint import checkpoint
from appguard.audit.verify import load_keys
from appguard.witness.cosigning import cosignature, cosigner_key, holds

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME = "witness.example.com/w1"


def test_a_cosignature_holds_for_its_note_and_for_nothing_else(signer, witness_signer):
    note, other = (checkpoint("log", size, b"r" * 32, signer) for size in (5, 6))
    line = cosignature(NAME, AT, note, witness_signer)
    key = witness_signer.public_key
    assert holds(line, NAME, key, note)
    assert holds(line, NAME, key, note + b"\xe2\x80\x94 another line\n")
    assert not holds(line, NAME, key, other)
    assert not holds(line, "another.example.com", key, note)
    assert not holds(line, NAME, signer.public_key, note)
    assert not holds(line.replace(b"=", b"A", 1)[:-4] + b"AA==\n", NAME, key, note)


def test_the_line_is_laid_out_as_c2sp_says(signer, witness_signer):
    note = checkpoint("log", 5, b"r" * 32, signer)
    dash, name, blob = cosignature(NAME, AT, note, witness_signer).decode().split()
    raw = base64.b64decode(blob)
    assert (dash, name, len(raw)) == ("—", NAME, 4 + 8 + 64)
    assert raw[:4].hex() == cosigner_key(NAME, witness_signer.public_key).split("+")[1]
    assert int.from_bytes(raw[4:12], "big") == AT.timestamp()


def test_the_logs_key_and_the_witnesss_are_of_different_kinds(witness_signer):
    """A cosignature can never be taken for a log's signature: the kind is part of the key's id."""
    try:
        [key] = load_keys(cosigner_key(NAME, witness_signer.public_key).encode())
    except ValueError:
        return
    raise AssertionError(key)
