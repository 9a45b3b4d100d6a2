from pathlib import Path

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.rules import check


@pytest.mark.parametrize("name", ["birth_date", "bank_account", "private_email", "diagnosis"])
def test_a_name_that_speaks_of_persons_is_doubted_below_personal(lint, name):
    [finding] = lint(f"SELECT {name} FROM desk_api.b", {name: {"class": "confidential"}})
    assert (finding.rule, finding.severity) == ("class-doubtful", "warn")
    assert lint(f"SELECT {name}, mail FROM desk_api.b", {name: {"class": "special"}}, ("mail",)) == []


def test_columns_of_other_kinds_are_doubted_too(tmp_path):
    text = Path("policies/connectors/equipment-desk.yaml").read_text()
    (tmp_path / "equipment-desk.yaml").write_text(text.replace("{name: deposit,", "{name: bank_account,"))
    file = read_file(tmp_path / "equipment-desk.yaml")
    assert file.connector is not None
    assert [fault.rule for fault in check(file, Path("policies/templates"))] == ["class-doubtful"]
