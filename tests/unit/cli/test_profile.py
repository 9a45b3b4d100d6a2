"""`appguard connectors profile` as a data owner meets it."""

from datetime import date

import psycopg
import pytest
from typer.testing import CliRunner

from appguard.cli import source_login
from appguard.cli.main import app
from appguard.connectors.profiles.model import NumberBar, Profile, QueryProfile
from appguard.connectors.profiles.published import read_profile
from appguard.connectors.profiling import taking

runner = CliRunner()
URL = "postgresql://owner@127.0.0.1/hr?sslmode=disable"
MEASURED = Profile(
    connector="payroll-db",
    taken_on=date(2026, 11, 24),
    k=10,
    queries={
        "my_payslips": QueryProfile(rows=1440, rows_per_person=(NumberBar(from_=12, until=13, share=1),))
    },
)


def profiled(*words: object):
    return runner.invoke(app, ["connectors", "profile", *map(str, words)])


@pytest.fixture
def source(monkeypatch):
    """A database that lets us in, and what measuring it gives."""
    monkeypatch.setenv("PGPASSWORD", "x")
    monkeypatch.setattr(source_login, "connect", lambda _login: _Connection())
    monkeypatch.setattr(taking, "taken", lambda *_: MEASURED)


class _Connection:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def test_what_is_written_is_read_back_the_same(source, tmp_path):
    target = tmp_path / "payroll-db.yaml"
    result = profiled("payroll-db", "--database", URL, "--people", "hr.employee.email", "--output", target)
    assert result.exit_code == 0, result.stderr
    assert "read it, then commit it" in result.stdout
    assert read_profile(target) == MEASURED
    assert target.read_text().startswith("# What previews of payroll-db resemble")


def test_who_the_users_are_must_be_said(source):
    result = profiled("payroll-db", "--database", URL)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "--people hr.employee.email" in result.stderr


@pytest.mark.parametrize("name", ["equipment-desk", "no-such-db"])
def test_only_postgresql_is_measured(name):
    result = profiled(name, "--database", URL)
    assert (result.exit_code, result.stderr.startswith("appguard connectors profile: ")) == (3, True)


def test_fewer_than_ten_people_is_not_an_option():
    assert profiled("payroll-db", "--database", URL, "--k", "3").exit_code != 0


def test_what_the_database_says_is_not_repeated(source, monkeypatch, tmp_path):
    def refuse(*_):
        raise psycopg.errors.InvalidTextRepresentation('invalid input syntax for type numeric: "Ana Alvarez"')

    monkeypatch.setattr(taking, "taken", refuse)
    target = tmp_path / "payroll-db.yaml"
    result = profiled("payroll-db", "--database", URL, "--people", "hr.employee.email", "--output", target)
    assert (result.exit_code, target.exists()) == (3, False)
    assert "Alvarez" not in result.stderr
    assert "22P02" in result.stderr
