"""What an insider or an outsider may do to a ledger; each is noticed, and the first bad object named.

An outsider changes files and what the bucket says of them; an insider has the ledger's key, too.
"""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appguard.audit.checkpoint import checkpoint
from appguard.audit.tiles import bundle, unbundle
from appguard.audit.verify import Bad, Key, load_keys, verify_export
from tests.support.ledger import log_objects, some_event

ENTRIES = "3y/tile/entries/000"
HEAD = "3y/checkpoints/{:020d}"


@pytest.fixture(scope="module")
def original(written) -> Path:
    return written({"3y": [3, 256, 300, 600], "7y": [2]})


@pytest.fixture
def folder(original, copied) -> Path:
    return copied(original)


@pytest.fixture
def refused(relist):
    """Verify what an outsider changed, listing included; gives what was found."""

    def run(folder: Path, *, listed: bool = True, keys: list[Key] | None = None, **words) -> Bad:
        if listed:
            relist(folder)
        known = keys or load_keys((folder / "ledger-key.pem").read_bytes())
        with pytest.raises(Bad) as caught:
            verify_export(folder, known, **words)
        return caught.value

    return run


def rewrite(file: Path, change) -> None:
    entries = unbundle(file.read_bytes())
    change(entries)
    file.write_bytes(bundle(entries))


def say(folder: Path, key: str, **facts) -> None:
    """Change what the bucket says of an object."""
    rows = [json.loads(line) for line in (folder / "objects.jsonl").read_text().splitlines()]
    for one in rows:
        if one.get("key") == key:
            one.update(facts)
    (folder / "objects.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))


def swap(one: Path, other: Path) -> None:
    first = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(first)


# --- entries ---


def test_an_altered_entry(folder, refused):
    rewrite(folder / ENTRIES, lambda entries: entries.__setitem__(7, some_event(3, 99)))
    assert str(refused(folder)) == f"{ENTRIES}: altered: breaks {HEAD.format(256)}"


def test_a_removed_entry(folder, refused):
    rewrite(folder / ENTRIES, lambda entries: entries.pop(7))
    assert str(refused(folder)) == f"{ENTRIES}: damaged: not a bundle of 256 entries"


def test_an_added_entry(folder, refused):
    rewrite(folder / ENTRIES, lambda entries: entries.insert(7, some_event(3, 99)))
    assert str(refused(folder)) == f"{ENTRIES}: damaged: not a bundle of 256 entries"


def test_an_entry_put_in_the_place_of_another(folder, refused):
    rewrite(folder / ENTRIES, lambda entries: entries.__setitem__(7, entries[8]))
    assert str(refused(folder)).startswith(f"{ENTRIES}: altered")


def test_reordered_entries(folder, refused):
    rewrite(folder / ENTRIES, lambda entries: entries.reverse())
    found = refused(folder)
    assert (found.path, found.reason) == (ENTRIES, f"altered: breaks {HEAD.format(3)}")


def test_an_event_entered_twice_by_who_holds_the_key(written, refused):
    folder = written({"3y": [300]}, entry=lambda n: some_event(3, 7 if n == 299 else n))
    assert str(refused(folder)).startswith("3y/tile/entries/001.p/44: duplicated: entry 299, evt-")


def test_an_event_entered_in_two_logs(written, refused):
    folder = written({"3y": [5], "7y": [5]}, entry=lambda n: some_event(3, n))
    assert str(refused(folder)).startswith("7y/tile/entries/000.p/5: duplicated: entry 0, evt-")


def test_a_back_dated_entry_by_who_holds_the_key(written, refused):
    early = some_event(3, 7).replace(b"2026-03-01", b"2026-02-01")
    folder = written({"3y": [5, 9]}, entry=lambda n: early if n == 7 else some_event(3, n))
    found = refused(folder, late=timedelta(days=1))
    assert (found.path, found.reason[:19]) == ("3y/tile/entries/000.p/9", "back-dated: entry 7")


def test_an_entry_that_is_not_canonical_json(written, refused):
    spaced = some_event(3, 4).replace(b",", b", ")
    folder = written({"3y": [5]}, entry=lambda n: spaced if n == 4 else some_event(3, n))
    assert str(refused(folder)) == "3y/tile/entries/000.p/5: entry 4 is not an event: not canonical JSON"


@pytest.mark.parametrize(
    "entry", [b"{", b"[]", b"{}", b"\xff", b"[" * 30_000, b'{"a":1,"a":1}', b'{"a":NaN}', b'{"a":"\\ud800"}']
)
def test_an_entry_that_is_no_event(written, refused, entry):
    folder = written({"3y": [5]}, entry=lambda n: entry if n == 4 else some_event(3, n))
    assert str(refused(folder)).startswith("3y/tile/entries/000.p/5: entry 4 is not an event: ")


# --- the tree and its tiles ---


def test_a_hash_tile_that_differs(folder, refused):
    (folder / "3y/tile/0/001").write_bytes(b"h" * 8192)
    assert str(refused(folder)).startswith("3y/tile/0/001: differs from the hashes")


def test_a_partial_tile_that_disagrees_with_the_full_one(folder, refused):
    rewrite(folder / f"{ENTRIES}.p/3", lambda entries: entries.reverse())
    assert str(refused(folder)) == f"{ENTRIES}.p/3: differs from the entries that are signed"


def test_swapped_bundles(folder, refused):
    swap(folder / ENTRIES, folder / "3y/tile/entries/001")
    assert refused(folder).path == ENTRIES


def test_swapped_hash_tiles(folder, refused):
    swap(folder / "3y/tile/0/000", folder / "3y/tile/0/001")
    assert refused(folder).path == "3y/tile/0/000"


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff\xff" + b"x" * 9, bytes(8192)])
def test_a_malformed_bundle(folder, refused, raw):
    (folder / ENTRIES).write_bytes(raw)
    assert str(refused(folder)).startswith(f"{ENTRIES}: damaged")


def test_a_malformed_hash_tile(folder, refused):
    (folder / "3y/tile/0/000").write_bytes(b"short")
    assert str(refused(folder)).startswith("3y/tile/0/000: differs")


def test_a_removed_object(folder, refused):
    (folder / "3y/tile/0/000").unlink()
    assert str(refused(folder, listed=False)) == "3y/tile/0/000: missing"


def test_an_added_object(folder, refused):
    shutil.copy(folder / ENTRIES, folder / "3y/tile/entries/002")
    assert str(refused(folder)) == "3y/tile/entries/002: added: not an object of a log of 600 entries"


# --- checkpoints ---


def test_a_forked_tree_with_two_roots_for_one_size(folder, signer, refused):
    forged = checkpoint("test.example/ledger/3y", 600, b"f" * 32, signer)
    (folder / HEAD.format(600)).write_bytes(forged)
    assert str(refused(folder)) == f"{HEAD.format(600)}: forked: two roots are signed for size 600"


def test_a_forked_tree_in_an_earlier_checkpoint(folder, signer, refused):
    (folder / HEAD.format(300)).write_bytes(checkpoint("test.example/ledger/3y", 300, b"f" * 32, signer))
    assert (
        str(refused(folder)) == f"{HEAD.format(300)}: forked: signed for another history than 3y/checkpoint"
    )


def test_a_forked_tree_that_differs_from_what_the_auditor_kept(folder, signer, refused):
    kept = checkpoint("test.example/ledger/3y", 300, b"f" * 32, signer)
    assert "forked: disagrees with the checkpoint you kept" in str(refused(folder, known=[kept]))


def test_a_log_rolled_back(folder, refused):
    shutil.copy(folder / HEAD.format(300), folder / "3y/checkpoint")
    assert str(refused(folder)) == "3y/checkpoint: rolled back: a later one is signed"


def test_a_log_cut(folder, written, refused):
    kept = written({"3y": [3, 700]}) / "3y/checkpoint"
    assert (
        str(refused(folder, known=[kept.read_bytes()]))
        == "3y/checkpoint: cut: older than the checkpoint you kept"
    )


def test_a_log_that_vanished(folder, refused):
    kept = (folder / "7y/checkpoint").read_bytes()
    shutil.rmtree(folder / "7y")
    assert refused(folder, known=[kept]).path == "7y"


def test_a_checkpoint_of_another_size(folder, refused):
    swap(folder / HEAD.format(3), folder / HEAD.format(256))
    assert str(refused(folder)) == f"{HEAD.format(3)}: swapped: signed for size 256"


def test_a_wrong_key(folder, refused):
    stranger = Key(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert str(refused(folder, keys=[stranger])).startswith("3y/checkpoint: wrong key")


def test_a_forged_signature(folder, refused):
    path = folder / HEAD.format(300)
    path.write_bytes(path.read_bytes().replace(b"\n300\n", b"\n299\n"))
    assert (
        str(refused(folder)) == f"{HEAD.format(300)}: forged: the signature does not hold under the given key"
    )


def test_a_signature_of_an_unknown_kind(folder, refused):
    path = folder / "3y/checkpoint"
    text, _, _ = path.read_bytes().rpartition(b"\n\n")
    path.write_bytes(text + b"\n\n\xe2\x80\x94 test.example/ledger/3y BwEAAAA=\n")
    assert "in a way this verifier does not know" in str(refused(folder))
    path.write_bytes(text + b"\n\n\xe2\x80\x94 somebody.else BwEAAAA=\n")
    assert str(refused(folder)) == "3y/checkpoint: not signed by its log, test.example/ledger/3y"


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"a\n1\n\n", b"a\n01\nAAAA\n\n\xe2\x80\x94 a AAAA\n", b"\xff" * 80]
)
def test_a_malformed_checkpoint(folder, refused, raw):
    (folder / "3y/checkpoint").write_bytes(raw)
    assert str(refused(folder)) == "3y/checkpoint: not a checkpoint"


# --- logs in each other's place ---


def test_a_log_of_another_class(folder, refused):
    shutil.rmtree(folder / "3y")
    shutil.copytree(folder / "7y", folder / "3y")
    assert str(refused(folder)) == "3y/checkpoint: swapped: signed for the log test.example/ledger/7y"


@pytest.fixture
def foreign(signer):
    """The objects of a log of the same key and size, of another ledger."""
    return log_objects("other.example/ledger/3y", [300, 600], signer, lambda n: some_event(4, n))


def test_a_foreign_logs_checkpoint(folder, refused, foreign):
    (folder / HEAD.format(300)).write_bytes(foreign[f"checkpoints/{300:020d}"])
    assert str(refused(folder)) == f"{HEAD.format(300)}: foreign: of another log, other.example/ledger/3y"


def test_a_foreign_logs_entries(folder, refused, foreign):
    (folder / ENTRIES).write_bytes(foreign["tile/entries/000"])
    assert str(refused(folder)).startswith(f"{ENTRIES}: altered")


def test_a_foreign_log(folder, refused, foreign):
    shutil.rmtree(folder / "3y")
    for name, body in foreign.items():
        (folder / "3y" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "3y" / name).write_bytes(body)
    assert "foreign: these are of different ledgers" in str(refused(folder))


# --- what the bucket says ---


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(
            {"retain_until": "2029-02-27T12:00:00+00:00"},
            "locked as COMPLIANCE for 1094 days, less than its class demands",
            id="retention shorter than the class demands",
        ),
        pytest.param(
            {"lock": "GOVERNANCE"},
            "locked as GOVERNANCE for 2928 days, less than its class demands",
            id="wrong lock mode",
        ),
        pytest.param({"retain_until": None}, "not under Object Lock", id="no lock"),
        pytest.param({"deleted": True}, "removed: a delete marker hides it", id="delete marker"),
    ],
)
def test_what_the_bucket_says_of_an_object(folder, refused, facts, reason):
    say(folder, "3y/tile/0/000", **facts)
    assert str(refused(folder, listed=False)) == f"3y/tile/0/000: {reason}"


def test_a_checkpoint_that_is_not_the_one_that_was_exported(folder, refused):
    say(folder, "3y/checkpoint", sha256="0" * 64)
    assert (
        str(refused(folder, listed=False))
        == "3y/checkpoint: differs from what objects.jsonl says was exported"
    )


def test_an_object_that_is_listed_and_not_here(folder, refused):
    lines = (folder / "objects.jsonl").read_text().splitlines()
    row = next(json.loads(line) for line in lines if '"3y/tile/0/001"' in line)
    lines.append(json.dumps({**row, "key": "7y/tile/entries/000.p/1"}))
    lines[1:] = sorted(lines[1:], key=lambda line: json.loads(line)["key"])
    (folder / "objects.jsonl").write_text("\n".join(lines))
    assert str(refused(folder, listed=False)) == "7y/tile/entries/000.p/1: missing"


def test_a_second_version(folder, refused):
    lines = (folder / "objects.jsonl").read_text().splitlines()
    number = next(n for n, line in enumerate(lines) if '"3y/tile/0/000"' in line)
    lines.insert(number, lines[number])
    (folder / "objects.jsonl").write_text("\n".join(lines))
    assert str(refused(folder, listed=False)).startswith("3y/tile/0/000: shadowed")


def test_an_object_the_bucket_does_not_list(folder, refused):
    lines = (folder / "objects.jsonl").read_text().splitlines()
    lines = [line for line in lines if f'"{HEAD.format(3)}"' not in line]
    (folder / "objects.jsonl").write_text("\n".join(lines))
    assert str(refused(folder, listed=False)) == f"{HEAD.format(3)}: added: the bucket does not list it"


def test_a_listing_of_an_unknown_version(folder, refused):
    path = folder / "objects.jsonl"
    path.write_text(path.read_text().replace("export/v2", "export/v9"))
    assert "unknown version appguard.export/v9" in str(refused(folder, listed=False))


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"key": 3}', '{"key": "3y/checkpoint"}', "x" * 99_999])
def test_a_damaged_listing(folder, refused, line):
    path = folder / "objects.jsonl"
    path.write_text(path.read_text().partition("\n")[0] + f"\n{line}\n")
    assert refused(folder, listed=False).path in ("objects.jsonl", "3y/checkpoint")


def test_an_interrupted_export(folder, refused):
    (folder / "objects.jsonl.part").write_text("")
    assert "the export was interrupted" in str(refused(folder))
