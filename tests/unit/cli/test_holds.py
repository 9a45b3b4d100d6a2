import re

import pytest
from typer.testing import CliRunner

from appguard.cli.audit import app

WHY = "Case 2026-17, asked for by legal"


@pytest.fixture(autouse=True)
def deployment(seal, event, monkeypatch):
    seal(event(1), event(2))
    for name, value in {
        "LEDGER_BUCKET": "ledger",
        "LEDGER_TABLE": "ledger",
        "OUTBOX_TABLE": "outbox",
    }.items():
        monkeypatch.setenv(name, value)


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_a_hold_is_placed_listed_and_released_by_its_name():
    placed = run("hold", "--app", "leave-request", "--reason", WHY)
    assert placed.exit_code == 0, placed.output
    [name] = re.findall(r"hold-[0-9a-f]{12}", placed.output)
    listed = run("holds", "--renew").output
    assert name in listed
    assert WHY in listed
    assert "arn:aws:sts" in listed
    released = run("release", name, "--reason", "The case is closed")
    assert (released.exit_code, name in released.output) == (0, True)
    assert run("holds").output == ""


@pytest.mark.parametrize(
    "words",
    [
        ("hold", "--reason", WHY),
        ("hold", "--app", "leave-request", "--log", "3y", "--reason", WHY),
        ("hold", "--log", "3y", "--first", "1", "--reason", WHY),
        ("hold", "--log", "3y", "--first", "1", "--last", "0", "--reason", WHY),
        ("hold", "--log", "3y", "--first", "0", "--last", "7", "--reason", WHY),
        ("hold", "--app", "Not An App", "--reason", WHY),
        ("hold", "--app", "leave-request", "--reason", "why"),
        ("release", "hold-000000000000", "--reason", WHY),
    ],
)
def test_what_cannot_be_held_or_released_is_said_in_one_line(words):
    result = run(*words)
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    assert len(result.output.splitlines()) <= 4
