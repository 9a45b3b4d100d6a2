import pytest

from appguard.audit.checkpoint import checkpoint, size_of, verifier_key
from appguard.audit.merkle import EMPTY_ROOT
from appguard.audit.verify import Bad, load_keys, read_checkpoint


@pytest.fixture
def note(signer) -> bytes:
    return checkpoint("test.example/ledger/3y", 12, b"r" * 32, signer)


@pytest.fixture
def keys(signer):
    return load_keys(verifier_key("test.example/ledger/3y", signer.public_key).encode())


def test_a_checkpoint_is_what_the_verifier_reads(note, keys):
    read = read_checkpoint(note, keys)
    assert (read.origin, read.size, read.root) == ("test.example/ledger/3y", 12, b"r" * 32)
    assert size_of(note) == 12


def test_the_same_head_gives_the_same_bytes(note, signer):
    assert checkpoint("test.example/ledger/3y", 12, b"r" * 32, signer) == note


def test_an_empty_log_has_a_checkpoint_too(signer, keys):
    assert read_checkpoint(checkpoint("test.example/ledger/3y", 0, EMPTY_ROOT, signer), keys).size == 0


def test_signatures_of_others_beside_ours_are_no_objection(note, keys):
    read_checkpoint(note + "— witness.example AAAAAAAAAAAA\n".encode(), keys)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n12\n", b"\n13\n"),
        (b"\n12\n", b"\n012\n"),
        (b"\n12\n", b"\n-1\n"),
        (b"ledger/3y\n12", b"ledger/7y\n12"),
        (b"\n\n", b"\nextension\n\n"),
        (b"\n\n", b"\n"),
        ("—".encode(), b"-"),
    ],
)
def test_whatever_is_changed_it_is_no_checkpoint_any_more(note, keys, old, new):
    assert old in note
    with pytest.raises(Bad):
        read_checkpoint(note.replace(old, new, 1), keys)
