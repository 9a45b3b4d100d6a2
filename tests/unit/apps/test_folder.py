import gc
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from appguard.apps import folder
from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import MAX_BYTES, BundleError, NotABundle

Cheap = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_bytes(b"a: 1\n")
    return tmp_path


def refused(path: Path, words: str, cheap: Cheap) -> None:
    before = open_files()
    with cheap(), pytest.raises(BundleError, match=words):
        Bundle.from_dir(path)
    assert open_files() == before


def open_files() -> int:
    gc.collect()
    listed = Path("/proc/self/fd")
    return len(list(listed.iterdir())) if listed.is_dir() else 0


def test_a_pipe_is_refused_and_not_waited_for(app: Path, cheap: Cheap) -> None:
    os.mkfifo(app / "pipe")
    refused(app, "link or a device", cheap)


def test_a_socket_is_refused(app: Path, cheap: Cheap) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(app / "s"))
        refused(app, "link or a device", cheap)


@pytest.mark.parametrize("target", [".", "..", "loop", "/", "/etc/passwd", "nowhere"])
def test_links_are_refused_wherever_they_lead(app: Path, target: str, cheap: Cheap) -> None:
    (app / "loop").symlink_to(target)
    refused(app, "link or a device", cheap)


def test_a_hundred_thousand_files_are_not_even_listed(app: Path, cheap: Cheap) -> None:
    many = app / "many"
    many.mkdir()
    for half in ("a", "b"):  # a file has at most 65,000 names on ext4
        (many / half).write_bytes(b"")
        for number in range(50_000):
            os.link(many / half, many / f"{half}{number}")
    refused(app, "more than", cheap)


def test_folders_without_end_are_refused(app: Path, cheap: Cheap) -> None:
    deep = app
    for _ in range(150):
        deep = deep / "d"
        deep.mkdir()
    refused(app, "plain relative path", cheap)


def test_a_huge_file_is_refused_unread(app: Path, cheap: Cheap) -> None:
    with (app / "huge.bin").open("wb") as file:
        file.truncate(50 * 1024**3)
    refused(app, "more than", cheap)


def test_many_large_files_are_refused_together(app: Path, cheap: Cheap) -> None:
    for number in range(3):
        (app / f"{number}.bin").write_bytes(b"\0" * (MAX_BYTES // 2))
    refused(app, "more than", cheap)


@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="that file system refuses such names itself")
def test_a_name_that_is_not_utf_8_is_refused(app: Path, cheap: Cheap) -> None:
    (Path(os.fsdecode(os.fsencode(app) + b"/\xff\xfe.txt"))).write_bytes(b"")
    refused(app, "plain relative path", cheap)


def test_two_spellings_of_the_manifest_are_refused(app: Path, cheap: Cheap) -> None:
    (app / "App.yaml").write_bytes(b"a: 2\n")
    if len(list(app.iterdir())) == 1:
        pytest.skip("this file system folds case itself")
    refused(app, "one name", cheap)


def test_a_file_that_grows_while_read_is_refused(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.fdopen

    def grown(*words: object, **more: object) -> object:
        with (app / "app.yaml").open("ab") as file:
            file.write(b"b: 2\n")
        return opened(*words, **more)

    monkeypatch.setattr(folder.os, "fdopen", grown)
    with pytest.raises(BundleError, match="changed while"):
        Bundle.from_dir(app)


def test_a_file_swapped_for_a_link_after_it_was_listed_is_not_followed(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = app.parent / "secret"
    secret.write_bytes(b"x")
    listed = folder.check_path

    def swap(path: str) -> None:
        listed(path)
        (app / path).unlink()
        (app / path).symlink_to(secret)

    monkeypatch.setattr(folder, "check_path", swap)
    with pytest.raises(BundleError, match="link"):
        Bundle.from_dir(app)


def test_a_file_that_goes_away_is_told(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "check_path", lambda path: (app / path).unlink())
    with pytest.raises(BundleError, match="went away"):
        Bundle.from_dir(app)


def test_what_is_left_out_is_not_looked_at_and_does_not_ship(app: Path) -> None:
    for name in (".github/workflows", ".git", "sub/__pycache__"):
        (app / name).mkdir(parents=True)
        (app / name / "link").symlink_to("/etc/passwd")
    (app / ".venv").symlink_to("/")
    bundle = Bundle.from_dir(app)
    assert list(bundle.files) == ["app.yaml"]
    with pytest.raises(BundleError):
        Bundle({**bundle.files, ".github/workflows/x.yml": b""})


def test_binary_junk_is_only_content(app: Path) -> None:
    (app / "junk.bin").write_bytes(os.urandom(100_000))
    assert len(Bundle.from_dir(app).files["junk.bin"]) == 100_000


def test_where_there_is_nothing_to_check_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotABundle, match="not a folder"):
        Bundle.from_dir(tmp_path / "nowhere")
    with pytest.raises(NotABundle, match=r"no app\.yaml"):
        Bundle.from_dir(tmp_path)
