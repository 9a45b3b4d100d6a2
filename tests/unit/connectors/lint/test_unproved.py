"""Clean says no more than was looked at."""

import shutil
from pathlib import Path

import pytest

from appguard.connectors.lint.file import read_file
from appguard.connectors.lint.unproved import unproved

CONNECTORS = Path("policies/connectors")


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("hr-db", False, ["that the source has these columns; --database secret asks it"]),
        ("hr-db", True, []),
        ("equipment-desk", True, ["that items have these attributes"]),
        ("equipment-desk", False, ["that the tables have these keys", "that items have these attributes"]),
        ("facility-tickets", False, []),
        ("workplace-usage", True, ["that people of busy_floors counts persons"]),
        ("workplace-usage", False, ["that the source has these columns", "that people of busy_floors"]),
    ],
)
def test_what_nobody_looked_at_is_said(name, asked, said):
    found = list(unproved(read_file(CONNECTORS / f"{name}.yaml"), asked=asked))
    assert len(found) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(found, said, strict=True))


def test_queries_of_an_api_without_a_recorded_answer_are_named(tmp_path):
    shutil.copy(CONNECTORS / "facility-tickets.yaml", tmp_path)
    [sentence] = unproved(read_file(tmp_path / "facility-tickets.yaml"), asked=False)
    assert sentence.startswith("that the API answers my_tickets, room so;")
