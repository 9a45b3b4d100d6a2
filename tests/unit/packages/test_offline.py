import json
from pathlib import Path

import pytest

from appguard.packages.errors import FactsUnusable
from appguard.packages.model import Facts, Pin
from appguard.packages.offline import AdvisoryFile, FactFile
from tests.unit.packages.conftest import osv, zipped


def test_advisories_are_not_read_before_somebody_asks(tmp_path: Path) -> None:
    source = AdvisoryFile(tmp_path / "later.zip")
    (tmp_path / "later.zip").write_bytes(zipped({"a.json": osv()}))
    pin = Pin("thing", "1.0")
    assert pin in source.ask([pin]).vulnerabilities


def test_facts_are_found_by_name_and_version(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"packages": [{"name": "x", "version": "1", "licence": "MIT"}]}))
    found = FactFile(file).resolve(b"x==1\nx2==2\n")
    assert found.facts == (Facts(name="x", version="1", licence="MIT"),)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"packages": [{"name": "x"}]}', '{"packages": [], "more": 1}']
)
def test_a_file_that_holds_no_facts_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content)
    with pytest.raises(FactsUnusable):
        FactFile(file).resolve(b"x==1")
