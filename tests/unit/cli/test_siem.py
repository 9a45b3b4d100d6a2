import json

import pytest
from typer.testing import CliRunner

from appguard.cli import siem
from appguard.cli.siem import line
from appguard.kernel.event import RetentionClass
from appguard.siem.model import DestinationName, Rejection
from appguard.siem.standing import Standing

SPLUNK = DestinationName.SPLUNK


class Deployment:
    """Stands for the account of the environment."""

    def client(self, service):
        return self

    def get_caller_identity(self):
        return {"Arn": "arn:aws:sts::111122223333:assumed-role/platform/olga"}

    def name(self, variable, output):
        return "named"


def standing(**words) -> Standing:
    said = {"position": 10, "size": 14, "lag_seconds": 725, "state": "siem_away"}
    return Standing(destination=SPLUNK, log=RetentionClass.THREE_YEARS, **(said | words))


@pytest.fixture
def entered(monkeypatch):
    monkeypatch.setattr(siem, "enter", lambda **_: None)
    monkeypatch.setattr(siem, "Access", Deployment)
    monkeypatch.setattr(siem.standing, "standings", lambda *_: [standing()])
    monkeypatch.setattr(siem.standing, "set_aside", lambda: {SPLUNK: [Rejection(3, "evt-1", "hec_6")]})
    return monkeypatch


def run(*words):
    return CliRunner().invoke(siem.app, list(words))


def test_people_read_a_line_for_each_destination_and_log_and_what_was_refused(entered):
    assert run("status").stdout.splitlines() == [
        "splunk     3y  10 of 14 arrived, 4 wait since 0:12:05  (siem_away)",
        "splunk refused entry 3 (evt-1): hec_6",
    ]


def test_where_everything_arrived_nothing_waits():
    assert line(standing(position=14, state="done")).endswith("14 of 14 arrived, nothing waits  (done)")


def test_a_program_reads_the_same_as_json(entered):
    said = json.loads(run("status", "--json").stdout)
    assert (said["destinations"][0]["waiting"], said["refused"]["splunk"][0]["index"]) == (4, 3)


def test_where_nothing_is_delivered_the_command_says_where_to_read_on(entered):
    entered.setattr(siem.standing, "standings", lambda *_: [])
    entered.setattr(siem.standing, "set_aside", dict)
    assert "docs/siem.md" in run("status").stdout


def test_going_back_names_who_did(entered):
    asked = []
    entered.setattr(siem.standing, "rewind", lambda *words: asked.append(words) or 5)
    done = run("rewind", "splunk", "3y", "4")
    assert done.stdout == "5 entries of 3y go to splunk once more, with the next run\n"
    [(name, log, entry, by, _)] = asked
    assert (name, log, entry, by.id) == (SPLUNK, "3y", 4, Deployment().get_caller_identity()["Arn"])
