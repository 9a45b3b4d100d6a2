import csv
import io
import json

import pytest
from typer.testing import CliRunner

from appguard.audit.canonical import canonical
from appguard.cli import data
from appguard.cli.person_page import REACH, UNKNOWN
from appguard.kernel.errors import AppGuardError
from appguard.privacy.model import Decision
from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey
from tests.support import sightings
from tests.support.ledger import NOW

ANA = SubjectKey(Subject("ana@example.com"), b"a" * 32, NOW)
SEEN = {**sightings.SEEN, "purpose": "=Ask for days off", "doubted": True}


class FakeAccess:
    """A deployment that does not exist."""

    def client(self, _service):
        return self

    def get_caller_identity(self):
        return {"Arn": "arn:aws:iam::123456789012:user/pat"}


@pytest.fixture
def asked(monkeypatch):
    """What the functions were asked, and what they know."""
    every, known = [], {"known_since": "2026-09-01T00:00:00Z", "sightings": [SEEN]}

    def ask(_client, words):
        every.append(words)
        return known

    monkeypatch.setattr(data, "ask", ask)
    monkeypatch.setattr(data, "Access", FakeAccess)
    return every, known


@pytest.fixture
def export(written, event):
    """An exported ledger in which entry 1 of three is about Ana."""

    def entry(n: int) -> bytes:
        about = {"subjects": [ANA.tag(NOW)]} if n == 1 else {}
        return canonical(event(n, action="data.read", connector="hr-db", query="my_profile", **about))

    return written({"3y": [3]}, entry=entry)


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key.json"
    words = {"subject": ANA.subject, "secret": ANA.secret.hex(), "since": NOW.isoformat()}
    path.write_text(json.dumps(words))
    return path


def run(*words: object):
    return CliRunner().invoke(data.app, [str(word) for word in words])


def test_people_read_when_who_which_app_what_and_where_it_is_proved(asked):
    result = run("who-saw", "ana@example.com", "--from", "2026-11-01", "--to", "2026-11-24")
    assert result.exit_code == 0
    for words in ("1 accesses", "mia@example.com", "leave-request@111111111111", "3y/17", "in doubt", REACH):
        assert words in result.output
    (inquiry,) = asked[0]
    assert inquiry.by.id == "arn:aws:iam::123456789012:user/pat"
    assert inquiry.period.end.isoformat() == "2026-11-25T00:00:00+00:00"


def test_a_spreadsheet_gets_one_line_an_access_and_runs_none_of_it(asked):
    result = run("who-saw", "ana@example.com", "--format", "csv")
    (line,) = csv.DictReader(io.StringIO(result.output))
    assert (line["event_id"], line["classes"], line["purpose"]) == (
        SEEN["event_id"],
        "internal personal",
        "'=Ask for days off",
    )


def test_somebody_never_seen_or_forgotten_is_told_as_such(asked):
    asked[1].update(known_since=None, sightings=[])
    assert UNKNOWN in run("who-saw", "x@example.com").output


def test_a_key_is_saved_for_its_owner_alone_and_never_printed(asked, tmp_path):
    secret = "b" * 64
    asked[1]["key"] = {"subject": "ana@example.com", "secret": secret, "since": "2026-09-01T00:00:00Z"}
    file = tmp_path / "key.json"
    result = run("who-saw", "ana@example.com", "--format", "json", "--save-key", file)
    assert secret not in result.output
    assert json.loads(file.read_text())["secret"] == secret
    assert file.stat().st_mode & 0o077 == 0
    assert asked[0][0].with_key


def test_an_export_and_the_key_answer_offline_with_proofs(export, key, tmp_path, event):
    proofs = tmp_path / "proofs"
    words = ("--from-export", export, "--key", key, "--proofs", proofs, "--format", "json")
    result = run("who-saw", "Ana@Example.com", *words)
    assert result.exit_code == 0, result.output
    (only,) = json.loads(result.output)["sightings"]
    assert (only["event_id"], only["log"], only["index"]) == (event(1).event_id, "3y", 1)
    assert [file.stem for file in proofs.iterdir()] == [event(1).event_id]


def test_an_export_without_key_with_anothers_key_or_that_is_none_gives_no_answer(export, key, tmp_path):
    for words in (
        ("ana@example.com", "--from-export", export),
        ("bob@example.com", "--from-export", export, "--key", key),
        ("ana@example.com", "--from-export", tmp_path, "--key", key),
    ):
        assert run("who-saw", *words).exit_code == 3


def test_the_command_asks_for_forgetting_and_does_not_forget(asked):
    result = run("forget", "ana@example.com", "--reason", "left the company long ago")
    assert result.exit_code == 0
    (decision,) = asked[0]
    assert isinstance(decision, Decision)
    assert decision.verb == "ask"
    assert "data owner decides" in result.output


def test_what_the_function_refuses_is_told(asked, monkeypatch):
    def refuse(*_):
        raise AppGuardError("Nobody of this name was ever seen", "Look again.")

    monkeypatch.setattr(data, "ask", refuse)
    result = run("forget", "x@example.com", "--reason", "left the company long ago")
    assert (result.exit_code, "Look again." in result.output) == (3, True)
