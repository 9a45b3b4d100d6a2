import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from appguard.audit.canonical import canonical
from appguard.cli import audit_search
from appguard.cli.audit import app
from appguard.kernel.event import Actor, Result, Role
from tests.support.searching import SearchFunction
from tests.unit.audit.search.made import event

EVENTS = [
    *(event(n, "data.read" if n % 2 else "app.created") for n in range(4)),
    event(4, actor="=cmd()"),
    event(5, "data.exported", result=Result.DENIED, classes=["special"], code="export_blocked"),
]


ADA = "arn:aws:sts::111122223333:assumed-role/auditors/ada"
STS = SimpleNamespace(get_caller_identity=lambda: {"Arn": ADA})


def run(*words: object):
    return CliRunner().invoke(app, ["search", *(str(word) for word in words)])


@pytest.fixture(scope="module")
def ledger(written) -> Path:
    return written({"3y": [3, 6]}, entry=lambda n: canonical(EVENTS[n]))


def places(result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.split()[0] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([], [5, 4, 3, 2, 1, 0]),
        (["--action", "data."], [5, 3, 1]),
        (["--action", "app.", "--action", "data.exported"], [5, 4, 2, 0]),
        (["--actor", "ana", "--result", "success", "--text", "APP.CREATED"], [2, 0]),
        (["--data-class", "special"], [5]),
        (["--since", "2026-03-01T12:00:03Z"], [5, 4, 3]),
        (["--until", "2026-02-28"], []),
        (["--since", "2026-03-01", "--until", "2026-03-01", "--limit", "2"], [5, 4]),
        (["--saved", "denied", "--app", "leave-request"], [5]),
        (["--saved", "special-data"], [5]),
    ],
    ids=str,
)
def test_an_export_is_searched_by_every_filter(ledger, asked, found):
    assert places(run(*asked, "--from", ledger)) == [f"3y/{n}" for n in found]


def test_a_search_that_stopped_goes_on_where_it_says(ledger):
    first = run("--limit", 4, "--from", ledger)
    assert places(first) == ["3y/5", "3y/4", "3y/3", "3y/2"]
    rest = run("--after", first.stderr.split()[-1], "--from", ledger)
    assert (places(rest), rest.stderr) == (["3y/1", "3y/0"], "")


def test_json_is_the_entries_themselves(ledger):
    found = json.loads(run("--actor", "ana", "--format", "json", "--from", ledger).stdout)
    assert found == [json.loads(canonical(EVENTS[n])) for n in (5, 3, 2, 1, 0)]
    assert run("--actor", "nobody", "--format", "json", "--from", ledger).stdout.strip() == "[]"


def test_no_cell_of_a_csv_is_a_formula(ledger):
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "--from", ledger).stdout)))
    assert [row["entry"] for row in rows] == [f"3y/{n}" for n in (5, 4, 3, 2, 1, 0)]
    assert [row["actor"] for row in rows][1:3] == ["'=cmd()", "ana"]


@pytest.mark.parametrize(
    "asked",
    [
        ["--app", "UPPER"],
        ["--action", "a b"],
        ["--text", "x" * 101],
        ["--since", "yesterday"],
        ["--since", "2026-03-02", "--until", "2026-03-01"],
        ["--after", "nowhere"],
        ["--saved", "denied", "--result", "success"],
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_a_message_and_exit_code_3(ledger, asked):
    result = run(*asked, "--from", ledger)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 1


@pytest.fixture
def live(ledger, monkeypatch):
    """The same ledger behind the function; gives what it shall say instead."""

    def behind(**changes):
        function = SearchFunction(ledger, **changes)
        monkeypatch.setattr(audit_search.Access, "__init__", lambda _: None)
        monkeypatch.setattr(
            audit_search.Access, "client", lambda _, name: {"lambda": function, "sts": STS}[name]
        )
        return function

    return behind


def test_the_living_ledger_is_searched_by_its_function(live):
    function = live()
    assert places(run("--result", "denied")) == ["3y/5"]
    [asked] = function.asked
    assert asked.by == Actor(id=ADA, role=Role.AUDITOR)


def test_what_an_answer_does_not_cover_goes_to_stderr(live):
    live(unread=9, misfits=1)
    said = run("--result", "denied")
    assert places(said) == ["3y/5"]
    assert "9 of 6 entries are not indexed yet" in said.stderr
    assert "1 entries that are no hits" in said.stderr


def test_a_hit_that_is_not_proven_is_no_success(live):
    live(hits=[{"log": "3y", "number": 5, "body": canonical(EVENTS[5]).decode(), "proven": False}])
    said = run()
    assert said.exit_code == 1
    assert "BAD: no signed checkpoint contains 3y/5" in said.stderr
