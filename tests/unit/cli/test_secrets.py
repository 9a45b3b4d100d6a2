import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from appguard.cli import secrets
from appguard.kernel.ids import AppId
from appguard.secrets.ages import Aged
from appguard.secrets.model import SecretRecord
from appguard.secrets.policy import AgeRule

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def known(monkeypatch):
    record = SecretRecord.session_key(AppId("leave-request"), AT)
    rule = AgeRule(rotate_days=30, alarm_days=37)
    monkeypatch.setattr(secrets, "enter", lambda: None)
    monkeypatch.setattr(
        secrets, "secret_ages", lambda: [Aged(secret=record, age=timedelta(days=40, hours=3), rule=rule)]
    )


def run(*words):
    return CliRunner().invoke(secrets.app, ["list", *words])


def test_a_person_reads_a_line_for_each_secret(known):
    assert run().stdout == (
        "LATE    40 days  2026-03-01 12:00  appguard/apps/leave-request  (replaced after 30, late after 37)\n"
    )


def test_a_program_reads_the_same_as_json(known):
    [one] = json.loads(run("--json").stdout)

    assert (one["secret"]["name"], one["days"], one["standing"]) == (
        "appguard/apps/leave-request",
        40,
        "late",
    )
