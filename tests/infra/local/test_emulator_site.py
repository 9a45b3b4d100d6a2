"""What the emulator unpacks keeps its modes, and is unpacked once."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.local.emulator import SITE

UNPACK = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])"


@pytest.fixture
def unpack(tmp_path):
    """An interpreter with the emulator's `sitecustomize` unpacks an archive into an empty folder."""
    shutil.copy(SITE, tmp_path / "sitecustomize.py")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "TMPDIR": str(tmp_path)}

    def into(name: str, archive: Path) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        subprocess.run([sys.executable, "-c", UNPACK, archive, folder], env=environment, check=True)
        return folder

    return into


@pytest.fixture
def archive(tmp_path):
    """A program, a module and an empty folder."""
    path = tmp_path / "code.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        program = zipfile.ZipInfo("bin/scan")
        program.external_attr = 0o100755 << 16
        zipped.writestr(program, "#!/bin/sh\n")
        zipped.writestr("app/__init__.py", "")
        zipped.writestr("handler.py", "serve = None\n")
    return path


def test_programs_can_be_run_and_the_rest_cannot(unpack, archive):
    folder = unpack("first", archive)
    assert os.access(folder / "bin/scan", os.X_OK)
    assert not (folder / "handler.py").stat().st_mode & 0o111
    assert (folder / "app/__init__.py").read_text() == ""


def test_the_same_archive_is_unpacked_once_and_another_apart(unpack, archive, tmp_path):
    first, second = unpack("first", archive), unpack("second", archive)
    assert (first / "handler.py").samefile(second / "handler.py")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as zipped:
        zipped.writestr("handler.py", "serve = 1\n")
    assert (unpack("third", tmp_path / "other.zip") / "handler.py").read_text() == "serve = 1\n"


def test_removing_what_one_worker_was_given_leaves_the_others(unpack, archive):
    first, second = unpack("first", archive), unpack("second", archive)
    shutil.rmtree(first)
    assert (second / "bin/scan").exists()
