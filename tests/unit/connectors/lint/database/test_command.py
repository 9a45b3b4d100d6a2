"""The whole way: the command, a login from around, and a real database."""

import json

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app

TRAINING = "examples/training-db/training-db.yaml"


@pytest.fixture
def url(copies, database):
    with copies.spoilt("ALTER TABLE training.registration NO FORCE ROW LEVEL SECURITY") as session:
        [(name,)] = session.ask("SELECT current_database()")
        yield f"postgresql://training_login@/{name}?host={database.host}&sslmode=disable"


@pytest.mark.parametrize("way", ["on the line", "in a variable"])
def test_a_database_that_denies_what_the_file_promises_exits_1(url, way, monkeypatch):
    if way == "on the line":
        monkeypatch.setenv("PGPASSWORD", "only-in-tests")
    else:
        monkeypatch.setenv("TRAINING_URL", url.replace("@", ":only-in-tests@", 1))
    database = url if way == "on the line" else "env:TRAINING_URL"
    result = CliRunner().invoke(
        app, ["connectors", "lint", TRAINING, "--database", database, "--format", "json"]
    )
    assert result.exit_code == 1
    [finding] = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["path"]) == ("source-row-security-off", TRAINING)


def test_connectors_of_other_kinds_are_named_as_not_proved(url, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "only-in-tests")
    other = "policies/connectors/equipment-desk.yaml"
    result = CliRunner().invoke(app, ["connectors", "lint", TRAINING, other, "--database", url])
    assert f"{other}: not proved that the tables" in result.stderr
