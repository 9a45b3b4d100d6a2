import json
import shutil
from pathlib import Path

import pytest

from appguard.audit import export as exporting
from appguard.audit.export import Exported, export
from appguard.audit.signing import pem
from appguard.audit.verify import Bad, load_keys, verify_export
from appguard.kernel.errors import Invalid


@pytest.fixture
def run(s3, signer, tmp_path):
    def export_(folder: str = "export", **words) -> Exported:
        return export(s3, "ledger", pem(signer.public_key), tmp_path / folder, **words)

    return export_


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "export"


def verified(folder: Path) -> int:
    return verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))["3y"].size


def keys(folder: Path) -> list[str]:
    lines = (folder / "objects.jsonl").read_text().splitlines()[1:]
    return [json.loads(line)["key"] for line in lines]


def test_the_listing_names_every_object_in_the_order_of_keys(seal, event, run, folder):
    seal(event(1))
    assert run() == Exported(objects=4, fetched=4)
    assert keys(folder) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*y/**/*") if path.is_file()
    )
    assert verified(folder) == 1


def test_a_second_export_into_the_folder_fetches_what_is_new(seal, event, run, folder):
    seal(event(1))
    run()
    kept = (folder / "3y/tile/entries/000.p/1").stat().st_mtime_ns
    assert run() == Exported(objects=4, fetched=0)
    seal(event(2))
    assert run() == Exported(objects=7, fetched=4)  # the latest checkpoint is a new one
    assert (folder / "3y/tile/entries/000.p/1").stat().st_mtime_ns == kept
    assert verified(folder) == 2


def test_an_interrupted_export_goes_on_where_it_stopped(seal, event, run, folder, monkeypatch):
    for n in range(4):
        seal(event(n))
    whole = run("whole").objects
    download, calls = exporting._download, iter(range(7))

    def killed(*words):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return download(*words)

    monkeypatch.setattr(exporting, "_download", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    with pytest.raises(Bad, match="the export was interrupted"):
        verified_anyway(folder)
    monkeypatch.setattr(exporting, "_download", download)
    seal(event(9))  # the export goes on with the state it began with
    done = run()
    assert done.objects == whole
    assert 0 < done.fetched < whole
    assert keys(folder) == keys(folder.parent / "whole")
    assert verified(folder) == 4


def verified_anyway(folder: Path) -> None:
    verify_export(folder, [])


def test_a_line_that_was_not_written_to_its_end_is_written_again(seal, event, run, folder):
    seal(event(1))
    run()
    (folder / "objects.jsonl").rename(folder / "objects.jsonl.part")
    text = (folder / "objects.jsonl.part").read_text()
    (folder / "objects.jsonl.part").write_text(text[:-40])
    assert run().objects == 4
    assert verified(folder) == 1


def test_what_the_bucket_lost_since_the_last_export_is_noticed(seal, event, run, folder, s3):
    seal(event(1))
    run()
    s3.delete_object(Bucket="ledger", Key="3y/tile/0/000.p/1")
    run()
    with pytest.raises(Bad, match=r"^3y/tile/0/000\.p/1: removed"):
        verified(folder)


def test_a_version_that_shadows_an_exported_object_is_noticed(seal, event, run, folder, s3):
    seal(event(1))
    run()
    s3.put_object(Bucket="ledger", Key="3y/tile/0/000.p/1", Body=b"forged")
    run()
    with pytest.raises(Bad, match=r"^3y/tile/0/000\.p/1: shadowed"):
        verified(folder)


def test_objects_of_a_witness_are_exported_as_far_as_the_checkpoint_reaches(seal, event, run, folder, s3):
    seal(event(1))
    for size in (1, 2):
        s3.put_object(Bucket="ledger", Key=f"3y/witness/{size:020d}", Body=b"seen")
    run()
    assert [path.name for path in (folder / "3y/witness").iterdir()] == [f"{1:020d}"]


def test_a_folder_of_another_bucket_is_not_continued(seal, event, run, folder):
    seal(event(1))
    run()
    path = folder / "objects.jsonl"
    path.write_text(path.read_text().replace('"bucket": "ledger"', '"bucket": "other"'))
    with pytest.raises(Invalid, match="of another kind or bucket"):
        run()


def test_an_object_that_was_lost_from_the_folder_is_fetched_again(seal, event, run, folder):
    seal(event(1))
    run()
    shutil.rmtree(folder / "3y/tile")
    assert run() == Exported(objects=4, fetched=2)
    assert verified(folder) == 1


def test_each_object_is_told_of(seal, event, run):
    seal(event(1))
    told: list[int] = []
    run(tell=told.append)
    assert told == [1, 2, 3, 4]
