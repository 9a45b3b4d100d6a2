import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appguard.audit import verify
from appguard.audit.checkpoint import Signer, checkpoint, verifier_key
from appguard.audit.tiles import bundle, unbundle
from appguard.audit.verifier_archive import archive
from appguard.audit.verify import Bad, load_keys, verify_export

STEPS = {"3y": [3, 5, 256, 300, 520], "7y": [2]}


@pytest.fixture(scope="module")
def original(written) -> Path:
    return written(STEPS)


@pytest.fixture
def folder(original, copied) -> Path:
    return copied(original)


def check(folder: Path, **words):
    return verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()), **words)


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_an_untouched_export_verifies(original):
    logs = check(original)
    assert {name: (log.size, log.checkpoints) for name, log in logs.items()} == {
        "3y": (520, 5),
        "7y": (1 + 1, 1),
    }


def test_every_removed_object_is_named(original, copied):
    for number, name in enumerate(files(original)):
        folder = copied(original, str(number))
        (folder / name).unlink()
        with pytest.raises((Bad, OSError)) as caught:
            check(folder)
        assert name in str(caught.value)


def test_every_altered_object_is_named_even_when_the_listing_is_altered_too(original, copied, relist):
    for number, name in enumerate(n for n in files(original) if n.startswith("3y/")):
        folder = copied(original, str(number))
        raw = bytearray((folder / name).read_bytes())
        raw[len(raw) // 2] ^= 1
        (folder / name).write_bytes(bytes(raw))
        relist(folder)
        with pytest.raises(Bad) as caught:
            check(folder)
        assert caught.value.path == name


def test_every_pair_of_swapped_objects_is_noticed(original, copied, relist):
    names = [n for n in files(original) if n.startswith("3y/")]
    chosen = random.Random(7)
    for number in range(20):
        one, other = chosen.sample(names, 2)
        folder = copied(original, str(number))
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)
        relist(folder)
        if first != second:
            with pytest.raises(Bad) as caught:
                check(folder)
            assert caught.value.path in (one, other)


def test_reordered_entries_are_named(folder, relist):
    path = folder / "3y/tile/entries/000"
    entries = unbundle(path.read_bytes())
    entries[7], entries[8] = entries[8], entries[7]
    path.write_bytes(bundle(entries))
    relist(folder)
    with pytest.raises(Bad, match=r"^3y/tile/entries/000: altered"):
        check(folder)


def test_entries_rewritten_with_their_hash_tiles_break_the_signature(folder, written, relist):
    forged = written({"3y": [520]}, Ed25519PrivateKey.generate())
    for name in files(folder):
        if name.startswith("3y/tile/") and (forged / name).exists():
            (folder / name).write_bytes((forged / name).read_bytes())
    path = folder / "3y/tile/entries/001"
    path.write_bytes(bundle([b"x", *unbundle(path.read_bytes())[1:]]))
    relist(folder)
    with pytest.raises(Bad, match=r"^3y/tile/entries/001: altered"):
        check(folder)


def test_a_log_signed_by_another_key_is_refused(folder):
    stranger = Ed25519PrivateKey.generate().public_key()
    keys = [verify.Key(stranger.public_bytes_raw())]
    with pytest.raises(Bad, match=r"^3y/checkpoint: wrong key"):
        verify_export(folder, keys)


def test_two_roots_signed_for_one_size_are_a_fork(folder, key, relist):
    signer = Signer(key.public_key().public_bytes_raw(), key.sign)
    forked = checkpoint("test.example/ledger/3y", 520, b"f" * 32, signer)
    (folder / "3y/checkpoints/00000000000000000520").write_bytes(forked)
    relist(folder)
    with pytest.raises(Bad, match=r"3y/checkpoints/0+520: forked"):
        check(folder)


def test_a_log_that_lacks_a_checkpoint_the_auditor_kept_is_cut(folder, written):
    longer = written({"3y": [3, 600]})
    with pytest.raises(Bad, match="cut"):
        check(folder, known=[(longer / "3y/checkpoint").read_bytes()])


def test_a_log_that_disagrees_with_a_kept_checkpoint_is_forked(folder, key):
    signer = Signer(key.public_key().public_bytes_raw(), key.sign)
    kept = checkpoint("test.example/ledger/3y", 4, b"f" * 32, signer)
    with pytest.raises(Bad, match="3y/checkpoint: forked"):
        check(folder, known=[kept])


def test_a_kept_checkpoint_of_this_log_is_welcome(folder):
    check(folder, known=[(folder / "3y/checkpoints/00000000000000000005").read_bytes()])


def test_a_log_that_vanished_is_missed_by_who_kept_its_checkpoint(folder, relist):
    kept = (folder / "7y/checkpoint").read_bytes()
    shutil.rmtree(folder / "7y")
    relist(folder)
    check(folder)
    with pytest.raises(Bad, match=r"^7y: missing"):
        check(folder, known=[kept])


def test_a_log_rolled_back_to_an_older_checkpoint_is_noticed(folder, relist):
    older = (folder / "3y/checkpoints/00000000000000000300").read_bytes()
    (folder / "3y/checkpoint").write_bytes(older)
    relist(folder)
    with pytest.raises(Bad, match="rolled back"):
        check(folder)


def test_logs_of_different_classes_cannot_change_places(folder, relist):
    (folder / "3y").rename(folder / "tmp")
    (folder / "7y").rename(folder / "3y")
    (folder / "tmp").rename(folder / "7y")
    relist(folder)
    with pytest.raises(Bad, match="swapped: signed for the log"):
        check(folder)


@pytest.mark.parametrize(
    "name", ["3y/tile/0/009", "3y/tile/entries/002.p/9", "3y/notes.txt", "3y/tile/0/1", "x"]
)
def test_added_objects_are_named(folder, relist, name):
    (folder / name).write_bytes(b"")
    relist(folder)
    with pytest.raises(Bad, match="added") as caught:
        check(folder)
    assert caught.value.path == name


def listed(folder: Path, key: str, **facts) -> None:
    rows = [json.loads(line) for line in (folder / "objects.jsonl").read_text().splitlines()]
    for one in rows:
        if one.get("key") == key:
            one.update(facts)
    (folder / "objects.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"retain_until": "2027-03-01T12:00:00+00:00"}, "less than its class demands"),
        ({"lock": "GOVERNANCE"}, "less than its class demands"),
        ({"retain_until": None}, "not under Object Lock"),
        ({"deleted": True}, "a delete marker hides it"),
    ],
)
def test_an_object_the_bucket_does_not_protect_is_named(folder, facts, reason):
    listed(folder, "3y/tile/0/000", **facts)
    with pytest.raises(Bad, match=reason) as caught:
        check(folder)
    assert caught.value.path == "3y/tile/0/000"


def test_a_second_version_of_an_object_is_named(folder):
    with (folder / "objects.jsonl").open("r+") as listing:
        last = json.loads(listing.read().splitlines()[-1])
        listing.write(json.dumps({**last, "version_id": "w"}) + "\n")
    with pytest.raises(Bad, match="more than one version"):
        check(folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_altered_is_refused_and_never_crashes(original, tmp_path_factory, data):
    name = data.draw(st.sampled_from(files(original)))
    raw = bytearray((original / name).read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    backup = (original / name).read_bytes()
    (original / name).write_bytes(bytes(raw))
    try:
        check(original)
    except (Bad, ValueError):
        pass
    else:
        # What the listing or the key's armour says beside the facts is nobody's evidence.
        assert name in ("objects.jsonl", "ledger-key.pem")
    finally:
        (original / name).write_bytes(backup)


def test_a_key_of_a_kind_nobody_knows_is_refused_as_no_key():
    der = bytes.fromhex("302a300506032765700321" + "00" * 33)  # Ed25519's identifier with one digit changed

    with pytest.raises(ValueError, match="kind nobody knows"):
        load_keys(der)


def test_a_verifier_key_pins_the_logs_name(folder, key):
    raw = key.public_key().public_bytes_raw()
    good = [verifier_key(f"test.example/ledger/{log}", raw) for log in ("3y", "7y")]
    verify_export(folder, load_keys("\n".join(good).encode()))
    bad = load_keys(verifier_key("other.example/ledger/3y", raw).encode())
    with pytest.raises(Bad, match="wrong key"):
        verify_export(folder, bad)


def test_the_verifier_runs_alone(folder, tmp_path):
    script = tmp_path / "verify.pyz"
    script.write_bytes(archive())
    words = [sys.executable, "-I", str(script), str(folder)]
    assert subprocess.run(words, check=False, capture_output=True, text=True).stdout.startswith("ok 3y: 520")
    (folder / "3y/tile/0/000").unlink()
    failed = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (failed.returncode, "BAD 3y/tile/0/000: missing" in failed.stderr) == (1, True)
