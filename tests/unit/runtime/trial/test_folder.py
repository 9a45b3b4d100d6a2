import os
from pathlib import Path

import pytest

from appguard.runtime.trial.folder import furnished, remove


def test_a_folder_holds_the_files_and_is_gone_afterwards(tmp_path: Path) -> None:
    with furnished(tmp_path, {"app.yaml": b"x", "tests/test_a.py": b"y"}) as home:
        assert (home / "tests" / "test_a.py").read_bytes() == b"y"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_goes_even_if_its_test_failed(tmp_path: Path) -> None:
    with pytest.raises(KeyError), furnished(tmp_path, {}):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_anything_can_be_removed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "locked").mkdir()
    (folder / "locked" / "file").touch()
    (folder / "locked").chmod(0)
    before = Path.cwd()
    os.chdir(folder)
    for _ in range(1500):
        Path("deep").mkdir()
        os.chdir("deep")
    os.chdir(before)
    remove(folder)
    assert not folder.exists()
    assert (outside / "kept").exists()
