import hashlib

import pytest

from appguard.connectors.errors import ResultTooLarge
from appguard.connectors.exports import making
from appguard.connectors.exports.making import file_of
from tests.unit.connectors.exports.made import ENTRY, MARK, table


def test_a_cut_off_answer_is_no_file():
    with pytest.raises(ResultTooLarge, match="would lack some"):
        file_of("csv", "x", table(["a"], truncated=True), MARK)


def test_a_file_too_large_to_be_returned_is_refused(monkeypatch):
    monkeypatch.setattr(making, "LARGEST", 10)
    with pytest.raises(ResultTooLarge, match="10 bytes"):
        file_of("csv", "x", table(["a" * 20]), MARK)


@pytest.mark.parametrize("wanted", ["csv", "xlsx", "json"])
def test_a_file_is_named_after_query_and_ledger_entry_and_known_by_its_digest(wanted):
    export = file_of(wanted, "headcount", table(["a"], ["b"]), MARK)
    assert export.name == f"headcount-{ENTRY}.{wanted}"
    assert export.digest == "sha256:" + hashlib.sha256(export.content).hexdigest()
    assert export.rows == 2
