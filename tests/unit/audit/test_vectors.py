"""Agreement with public implementations; their data lies outside the repository."""

import base64
import json
from pathlib import Path

import pytest

from appguard.audit import tiles
from appguard.audit.checkpoint import Signer, checkpoint
from appguard.audit.merkle import Edge
from appguard.audit.verify import (
    Bad,
    consistency_holds,
    load_keys,
    read_checkpoint,
    verify_export,
    verify_log,
)
from appguard.audit.verify.merkle import inclusion_holds

VECTORS = Path(__file__).parents[4] / "shared" / "vectors"


def proofs() -> list[dict]:
    file = VECTORS / "merkle_proofs.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.parametrize("case", proofs(), ids=lambda case: case["id"])
def test_proofs_are_judged_as_transparency_dev_judges_them(case):
    path = [decoded(step) for step in case["proof"] or ()]
    if case["kind"] == "inclusion":
        leaf, root = decoded(case["leafHash"]), decoded(case["root"])
        holds = inclusion_holds(case["leafIdx"], case["treeSize"], leaf, path, root)
    else:
        root1, root2 = decoded(case["root1"]), decoded(case["root2"])
        holds = consistency_holds(case["size1"], case["size2"], root1, root2, path)
    assert holds is not case["wantErr"]


@pytest.fixture
def tessera(tmp_path):
    """A log written by Tessera, its checkpoint history named as ours is; None without the data."""
    file = VECTORS / "tlog_tiles_log.json"
    if not file.exists():
        return None
    data = json.loads(file.read_text())
    for name, content in data["files"].items():
        if name.startswith("checkpoint."):
            name = f"checkpoints/{int(name.partition('.')[2]):020d}"  # noqa: PLW2901
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
    return tmp_path, data


def test_a_log_written_by_tessera_verifies(tessera):
    if tessera:
        folder, data = tessera
        log = verify_log(folder, load_keys(data["verifier_key"].encode()))
        assert (log.size, log.checkpoints) == (15, 16)


def test_an_altered_log_of_tessera_does_not(tessera):
    if tessera:
        folder, data = tessera
        (folder / "tile/entries/000.p/15").write_bytes(tiles.bundle([b"x"] * 15))
        with pytest.raises(Bad, match=r"tile/entries/000\.p/15"):
            verify_log(folder, load_keys(data["verifier_key"].encode()))


def test_our_writer_gives_teesseras_objects(tessera):
    if tessera:
        folder, data = tessera
        writer = tiles.Tiles()
        for leaf in data["leaves"]:
            assert not list(writer.append(leaf.encode()))
            assert all((folder / path).read_bytes() == body for path, body in writer.partial())


def test_every_checkpoint_of_tessera_is_held_against_the_tree(tessera):
    if tessera:
        folder, data = tessera
        keys = load_keys(data["verifier_key"].encode())
        for size in range(16):
            name = f"checkpoints/{size:020d}"
            assert read_checkpoint((folder / name).read_bytes(), keys, name).size == size
            kept = (folder / name).read_bytes()
            (folder / name).write_bytes(kept.replace(b"\n\n", b"\nan extension line\n\n", 1))
            with pytest.raises(Bad, match=rf"^{name}: forged"):
                verify_log(folder, keys)
            (folder / name).write_bytes(kept)


def test_a_signed_log_of_no_entries_is_one_but_says_nothing(written, key):
    folder = written({"3y": [0]})
    keys = load_keys((folder / "ledger-key.pem").read_bytes())
    assert verify_export(folder, keys)["3y"].size == 0
    signer = Signer(key.public_key().public_bytes_raw(), key.sign)
    for size, root in ((0, b"r" * 32), (1, Edge().root())):
        with pytest.raises(Bad, match="not a checkpoint"):
            read_checkpoint(checkpoint("test.example/ledger/3y", size, root, signer), keys)


def test_an_empty_tree_proves_nothing():
    assert not consistency_holds(0, 1, Edge().root(), b"x", [])
    assert not inclusion_holds(0, 0, b"", [], Edge().root())
