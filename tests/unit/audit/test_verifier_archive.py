import ast
import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from appguard.audit import verify
from appguard.audit.verifier_archive import archive, sources

PAGE = Path(__file__).parents[3] / "docs" / "auditor.md"
FOLDER = Path(verify.__file__).parent


def test_the_page_for_auditors_pins_what_is_written():
    digest = hashlib.sha256(archive()).hexdigest()
    assert digest in PAGE.read_text(), f"the verifier has changed: write {digest} into docs/auditor.md"


def test_it_holds_the_verifier_as_it_is_read_here_and_three_lines_more(tmp_path):
    (tmp_path / "verify.pyz").write_bytes(archive())
    with zipfile.ZipFile(tmp_path / "verify.pyz") as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    del held["__main__.py"]
    assert held == {f"verify/{file.name}": file.read_bytes() for file in FOLDER.glob("*.py")}


@pytest.mark.parametrize("name", [name for name, _ in sources()])
def test_it_needs_its_own_files_the_standard_library_and_cryptography(name):
    for node in ast.walk(ast.parse((FOLDER / name).read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level == 1
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            assert {one.split(".")[0] for one in names} <= {*sys.stdlib_module_names, "cryptography"}
