"""A folder somebody hands to an auditor may hold anything; the verifier reads little of it, and ends."""

import os
import tracemalloc
from pathlib import Path

import pytest

from appguard.audit.verify import Bad, load_keys, verify_export, verify_log
from appguard.audit.verify.bundles import MOST_ENTRIES
from appguard.audit.verify.command import run


@pytest.fixture
def folder(written, copied) -> Path:
    return copied(written({"3y": [3, 300]}))


@pytest.fixture
def refused(relist):
    def run(folder: Path) -> Bad:
        with pytest.raises(Bad) as caught:
            verify_export(folder, load_keys((folder / "ledger-key.pem").read_bytes()))
        return caught.value

    return run


@pytest.mark.parametrize("name", ["3y/tile/0/000", "3y/checkpoint", "objects.jsonl", "3y/notes", "3y/tile/9"])
def test_a_link_is_not_followed(folder, refused, name, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    assert str(refused(folder)) == f"{name}: added: a link or device, not an object of a log"


def test_a_linked_folder_is_not_followed(folder, refused, tmp_path):
    (folder / "3y").rename(tmp_path / "elsewhere")
    (folder / "3y").symlink_to(tmp_path / "elsewhere")
    assert str(refused(folder)).startswith("3y: added: a link")


def test_a_pipe_does_not_keep_the_verifier_waiting(folder, refused):
    (folder / "3y/checkpoint").unlink()
    os.mkfifo(folder / "3y/checkpoint")
    assert str(refused(folder)).startswith("3y/checkpoint: added: a link or device")


@pytest.mark.parametrize(
    "name",
    [
        "3y/tile/entries/..000",
        "3y/tile/entries/000.p/0",
        "3y/tile/entries/000.p/256",
        "3y/tile/entries/000.p/1e1",
        "3y/tile/00/000",
        "3y/tile/entries/x000/000",
        "3y/tile/entries/x999/x999/x999/x999/x999/999",
        "3y/tile/99/000",
        "3y/checkpoints/1",
        "3y/checkpoint\u0661",
        "3y/\x1b[2Jnothing to see",
        "3y/" + "n" * 200,
        "4y/checkpoint",
        "versions/x/3y/checkpoint",
    ],
)
def test_an_absurd_file_name_is_named_in_one_printable_line(folder, refused, relist, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"")
    relist(folder)
    found = refused(folder)
    assert found.path == name
    assert str(found).isprintable()


def test_a_file_name_that_is_no_text_is_named(folder, refused):
    (Path(os.fsdecode(bytes(folder) + b"/3y/\xff"))).write_bytes(b"")
    assert str(refused(folder)).startswith("3y/\\udcff: added")


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "/etc/passwd", "3y/../../x", "3y/", "", "3y/tile/entries/000/"]
)
def test_a_listed_name_cannot_lead_out_of_the_folder(folder, refused, key):
    path = folder / "objects.jsonl"
    path.write_text(path.read_text() + f'{{"key": "{key}"}}\n')
    assert refused(folder).path == key


@pytest.mark.parametrize("name", ["3y/tile/entries/000", "3y/tile/0/000", "3y/checkpoint", "ledger-key.pem"])
def test_of_a_huge_object_no_more_is_read_than_such_an_object_may_have(folder, name, capsys):
    with (folder / name).open("r+b") as file:
        file.truncate(1 << 40)  # a terabyte that takes no room
    tracemalloc.start()
    try:
        assert run(folder, None) == 1
        assert tracemalloc.get_traced_memory()[1] < 3 * MOST_ENTRIES
    finally:
        tracemalloc.stop()
    assert f"{name}: too large" in capsys.readouterr().err


def test_a_listing_of_one_endless_line_is_damaged(folder, refused):
    with (folder / "objects.jsonl").open("r+b") as file:
        file.truncate(1 << 40)
    assert str(refused(folder)).startswith("objects.jsonl: damaged")


def test_a_folder_too_deep_to_open_is_named(folder, refused):
    here = Path.cwd()
    os.chdir(folder / "3y")
    try:
        for _ in range(30):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
    finally:
        os.chdir(here)
    assert "unreadable" in str(refused(folder))


def test_an_empty_folder_holds_no_log(tmp_path):
    with pytest.raises(Bad, match=r"^checkpoint: missing"):
        verify_log(tmp_path, [])
    with pytest.raises(Bad, match=r"^objects\.jsonl: missing"):
        verify_export(tmp_path, [])
