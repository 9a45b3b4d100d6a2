"""The app's packages in the sandbox: there to be imported, not to be written, and only the examined ones."""

import io
import os
import zipfile
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime.trial.start import report_on

PACKAGES = {"thing/__init__.py": "VALUE = 7\n", "thing-1.0.dist-info/METADATA": "Name: thing\n"}


@pytest.fixture
def packages(tmp_path: Path) -> dict[str, str]:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for path, content in PACKAGES.items():
            packed.writestr(path, content)
    (tmp_path / "packages.zip").write_bytes(written.getvalue())
    return {
        "url": (tmp_path / "packages.zip").as_uri(),
        "sha256": sha256(written.getvalue()).hexdigest(),
    }


def outcomes(code: str, packages: dict[str, str] | None) -> list[tuple[str, str]]:
    files = {"tests/test_a.py": b64encode(code.encode()).decode()}
    told = report_on({"files": files, "questions": [], "packages": packages})
    return [(outcome["outcome"], outcome["detail"]) for outcome in told["outcomes"]]


def test_a_test_imports_what_is_listed(packages: dict[str, str]) -> None:
    code = "import thing\n\ndef test_a():\n    assert thing.VALUE == 7\n"
    assert outcomes(code, packages) == [("passed", "")]
    assert outcomes(code, None) == [("failed", "ModuleNotFoundError")]


def test_importing_ctypes_as_packages_do_is_no_escape(packages: dict[str, str]) -> None:
    assert outcomes("import ctypes\n\ndef test_a():\n    pass\n", packages) == [("passed", "")]


def test_packages_are_read_and_not_written(packages: dict[str, str]) -> None:
    code = "import thing\n\ndef test_a():\n    open(thing.__file__, 'w')\n"
    assert outcomes(code, packages) == [("escaped", "files")]


def test_other_bytes_than_the_examined_ones_are_not_laid_out(packages: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="not the ones"):
        outcomes("", {**packages, "sha256": "0" * 64})
    with pytest.raises(Unavailable, match="could not be fetched"):
        outcomes("", {**packages, "url": "file:///nowhere"})


def test_nothing_of_them_is_left(packages: dict[str, str], monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    os.mkdir(tmp_path / "scratch")  # noqa: PTH102
    outcomes("def test_a():\n    pass\n", packages)
    assert list((tmp_path / "scratch").iterdir()) == []
