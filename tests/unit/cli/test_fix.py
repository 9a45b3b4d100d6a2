"""`appguard check --fix` mends what it can, shows it, and writes nothing it should not."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli import fix
from appguard.cli.main import app
from appguard.kernel.errors import Conflict

EXAMPLE = Path("examples/leave-request/app.yaml")
runner = CliRunner()


def check(*words: str | Path) -> tuple[int, str, str]:
    result = runner.invoke(app, ["check", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The example with four mistakes in it, one hidden behind another."""
    text = EXAMPLE.read_text()
    for old, new in (
        ("- name: hr-db", "- name: hr-dbb  # the HR system"),
        ("connector: hr-db, query", "connector: hr-dbb, query"),
        ("[my_leave_balance,", "[my_leave_balanc, my_profile,"),
        ("data_class: personal", "data_class: internal # really?"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "app.yaml").write_text(text)
    (tmp_path / "app.yaml").chmod(0o640)
    return tmp_path


def test_everything_mechanical_is_mended_and_the_new_decision_is_told(broken: Path) -> None:
    assert check(broken)[0] == 1
    code, out, _ = check(broken, "--fix")
    assert code == 2
    assert "-  - name: hr-dbb  # the HR system" in out
    assert "+  - name: hr-db  # the HR system" in out
    assert "Needs approval" in out
    after = (broken / "app.yaml").read_text()
    restored = after.replace("  # the HR system", "").replace(" # really?", "")
    assert sorted(restored) == sorted(EXAMPLE.read_text())
    assert (broken / "app.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in broken.iterdir()] == ["app.yaml"]


def test_programs_still_get_nothing_but_their_report(broken: Path) -> None:
    code, out, err = check(broken, "--fix", "--format", "json")
    assert (code, out[0], "+  - name: hr-db" in err) == (2, "{", True)


def test_where_nothing_can_be_mended_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(EXAMPLE.read_text())
    before = (tmp_path / "app.yaml").stat()
    code, out, _ = check(tmp_path, "--fix")
    assert (code, "Nothing here can be mended" in out) == (2, True)
    assert (tmp_path / "app.yaml").stat().st_ino == before.st_ino


def test_a_folder_that_cannot_be_written_is_told_and_left_as_it_was(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (broken / "app.yaml").read_text()

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(fix.os, "replace", read_only)
    code, out, err = check(broken, "--fix")
    assert (code, out) == (3, "")
    assert f"{broken / 'app.yaml'} cannot be written: Read-only file system" in err
    assert (broken / "app.yaml").read_text() == before
    assert [path.name for path in broken.iterdir()] == ["app.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(broken: Path) -> None:
    broken.chmod(0o500)
    assert check(broken, "--fix")[0] == 3
    broken.chmod(0o700)


def test_a_folder_that_changed_meanwhile_is_not_written(broken: Path) -> None:
    before = fix.Bundle.from_dir(broken)
    (broken / "app.yaml").write_text("a: 1\n")
    with pytest.raises(Conflict, match="changed"):
        fix.write(broken, before, fix.Bundle({"app.yaml": b"b: 2\n"}))
    assert (broken / "app.yaml").read_text() == "a: 1\n"


def test_a_link_is_neither_read_nor_written(broken: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "app.yaml"
    (broken / "app.yaml").rename(outside)
    before = outside.read_text()
    (broken / "app.yaml").symlink_to(outside)
    assert check(broken, "--fix")[0] == 1
    assert outside.read_text() == before


def test_an_archive_is_checked_and_not_mended(broken: Path) -> None:
    archive = broken.parent / "app.zip"
    archive.write_bytes(fix.Bundle.from_dir(broken).to_zip())
    assert check(archive)[0] == 1
    assert check(archive, "--fix")[0] == 3
