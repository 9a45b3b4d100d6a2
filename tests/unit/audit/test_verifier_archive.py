import hashlib
import zipfile
from pathlib import Path

from appguard.audit import verify
from appguard.audit.verifier_archive import archive

PAGE = Path(__file__).parents[3] / "docs" / "auditor.md"


def test_the_page_for_auditors_pins_what_is_written():
    digest = hashlib.sha256(archive()).hexdigest()
    assert digest in PAGE.read_text(), f"verify.py has changed: write {digest} into docs/auditor.md"


def test_it_holds_the_verifier_as_it_is_read_here_and_three_lines_more(tmp_path):
    (tmp_path / "verify.pyz").write_bytes(archive())
    with zipfile.ZipFile(tmp_path / "verify.pyz") as packed:
        assert packed.read("verify.py") == Path(verify.__file__).read_bytes()
        assert sorted(packed.namelist()) == ["__main__.py", "verify.py"]
