"""Signing in to prove a connector: passwords come from around, never from the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app

TRAINING = Path("examples/training-db/training-db.yaml")
runner = CliRunner()


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch):
    for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)


def refused(database: str, *more: object) -> str:
    result = runner.invoke(
        app, ["connectors", "lint", str(TRAINING), *map(str, more), "--database", database]
    )
    assert result.exit_code == 3
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:open-secret@h/d",
        "postgresql://u@h/d?password=open-secret",
        "host=h password=open-secret",
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(url):
    said = refused(url)
    assert "everybody on this machine can read a password" in said
    assert "open-secret" not in said


def test_a_variable_that_is_not_set_is_named():
    assert "the environment variable TRAINING_URL is not set" in refused("env:TRAINING_URL")


@pytest.mark.parametrize(
    ("url", "lacking"),
    [
        ("postgresql://u@h/d", "password"),
        ("postgresql://u:open-secret@/d", "host"),
        ("postgresql://u:open-secret@h/d?sslmode=prefer", "sslmode"),
    ],
)
def test_what_a_login_lacks_is_named_and_nothing_of_it_shown(monkeypatch, url, lacking):
    monkeypatch.setenv("TRAINING_URL", url)
    said = refused("env:TRAINING_URL")
    assert f"the login lacks a usable {lacking}" in said
    assert "open-secret" not in said


def test_what_is_no_login_at_all_is_refused():
    assert "--database names no database" in refused("whatever this is")


def test_a_database_that_does_not_answer_is_no_success(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "open-secret")
    said = refused("postgresql://u@127.0.0.1:1/d?sslmode=disable")
    assert "the database of training-db cannot be looked at" in said
    assert "open-secret" not in said


def test_one_login_is_not_tried_on_several_connectors(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "open-secret")
    assert "2 connectors are checked" in refused("postgresql://u@h/d", "policies/connectors/payroll-db.yaml")
