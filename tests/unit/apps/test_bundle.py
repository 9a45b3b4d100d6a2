import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.apps.bundle import Bundle
from appguard.apps.bundle_rules import MAX_FILES, BundleError

FILES = {"app.yaml": b"a: 1\n", "logic.py": b"x = 1\n"}


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    return buffer.getvalue()


def test_the_same_files_have_the_same_digest_from_folder_and_archive(tmp_path: Path):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"junk")
    assert Bundle.from_dir(tmp_path).digest == Bundle(FILES).digest
    assert Bundle.from_zip(Bundle(FILES).to_zip()).digest == Bundle(FILES).digest


@given(st.dictionaries(st.sampled_from(["a", "b", "ab", "c"]), st.binary(max_size=5)), st.binary(max_size=5))
def test_any_difference_in_a_file_changes_the_digest(files, content):
    before = Bundle({**files, "app.yaml": b""})
    after = Bundle({**files, "app.yaml": b"", "new": content})
    assert before.digest != after.digest


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a\\b", "", "a//b", "./a", "a\x00b", "x" * 201]
)
def test_a_path_that_leaves_the_bundle_is_refused(path):
    with pytest.raises(BundleError):
        Bundle({**FILES, path: b""})


def test_links_in_archives_and_folders_are_refused(tmp_path: Path):
    link = zipfile.ZipInfo("passwd")
    link.external_attr = 0o120777 << 16
    with pytest.raises(BundleError, match="link"):
        Bundle.from_zip(archive(("app.yaml", b""), (link, b"/etc/passwd")))
    (tmp_path / "app.yaml").write_bytes(b"")
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match="link"):
        Bundle.from_dir(tmp_path)


def test_a_bomb_is_refused_before_it_is_inflated():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("app.yaml", b"")
        zipped.writestr("zeros", b"\0" * 50_000_000)
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(BundleError, match="more than"):
        Bundle.from_zip(bomb.getvalue())


def test_too_many_files_are_refused():
    with pytest.raises(BundleError, match="files"):
        Bundle({"app.yaml": b"", **{f"f{i}": b"" for i in range(MAX_FILES)}})


def test_what_is_no_archive_is_refused():
    with pytest.raises(BundleError, match="zip"):
        Bundle.from_zip(b"PK\x03\x04 not really")


def test_a_bundle_without_a_manifest_is_refused():
    with pytest.raises(BundleError, match=r"app\.yaml"):
        Bundle({"logic.py": b""})
