"""docs/data-owner.md, followed to the letter on a schema the code has never seen."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli.main import app
from appguard.connectors import errors
from appguard.connectors.connecting import connect
from appguard.connectors.errors import RefusedBySource
from appguard.connectors.registry import ConnectorRegistry
from appguard.connectors.source import Identity
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.connectors.table import table_of
from appguard.kernel.errors import AppGuardError, Invalid, TooLarge, Unavailable
from appguard.secrets.administrator import PostgresAdministrator

PAGE = (Path(__file__).parents[3] / "docs" / "data-owner.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def desk(database):
    with database.admin() as admin:
        admin.execute("CREATE SCHEMA desk")
        admin.execute("CREATE TABLE desk.booking (employee_email text, day date, desk text, note text)")
        admin.execute(
            """INSERT INTO desk.booking VALUES ('ana@example.com', '2026-11-23', 'B12', 'x'),
                                               ('mia@example.com', '2026-11-23', 'B13', 'y')"""
        )
        for script in blocks("sql"):
            admin.execute(script)
    until = datetime.now(UTC) + timedelta(days=1)
    with connect(database.login("appguard_desk")) as connection:
        connection.autocommit = True
        PostgresAdministrator(connection, "desk_broker").give("appguard_desks_a", "password", until)
    source = PostgresSource(lambda _app, _fresh: database.login("appguard_desks_a"), lambda: b"key")
    yield source
    source.close()


def test_the_page_leads_to_a_connector_that_works(desk, tmp_path):
    (tmp_path / "desk-db.yaml").write_text("".join(blocks("yaml")))
    connector = ConnectorRegistry.load(tmp_path)["desk-db"]
    query = connector.queries["my_bookings"]
    ana = Identity("ana@example.com", "desks")
    result = desk.read(query, {"since": "2026-01-01"}, ana, connector.limits)
    assert table_of(query, result, ana, b"key", connector.limits).rows == [["2026-11-23", "B12"]]


def test_the_linter_has_nothing_against_file_or_database(database, desk, tmp_path, monkeypatch):
    file = tmp_path / "desk-db.yaml"
    file.write_text("".join(blocks("yaml")))
    with database.admin() as admin:
        admin.execute("CREATE ROLE desk_check LOGIN IN ROLE desk_broker")
    monkeypatch.setenv("PGUSER", "desk_check")
    monkeypatch.setenv("PGPASSWORD", "choose-one")
    url = f"postgresql:///postgres?host={database.host}&sslmode=disable"
    result = CliRunner().invoke(app, ["connectors", "lint", str(file), "--database", url])
    assert (result.exit_code, result.stdout) == (0, "Clean: nothing to correct.\n")


def test_the_command_of_the_page_changes_the_users_rows_and_no_others(desk, tmp_path):
    (tmp_path / "desk-db.yaml").write_text("".join(blocks("yaml")))
    connector = ConnectorRegistry.load(tmp_path)["desk-db"]
    cancel = connector.commands["cancel_booking"]
    rob = Identity("rob@example.com", "desks")
    with desk.write(cancel, {"day": date(2199, 1, 1)}, rob, connector.limits) as changed:
        assert changed == 0
    with (
        pytest.raises(RefusedBySource, match="can no longer be cancelled"),
        desk.write(cancel, {"day": date(2026, 1, 1)}, rob, connector.limits),
    ):
        pass


def test_the_checks_the_page_tells_of_hold(database, desk):
    with database.admin() as admin:
        admin.execute("SET ROLE desk_broker")
        assert admin.execute("SELECT * FROM desk_api.booking").fetchall() == []
        with pytest.raises(Exception, match="permission denied"):
            admin.execute("SELECT * FROM desk.booking")


def test_the_page_explains_every_code_the_broker_answers_with():
    ours = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AppGuardError)
    }
    abstract = {AppGuardError, errors.Conflict, errors.Forbidden, errors.Unauthenticated}
    for kind in (ours - abstract) | {Invalid, TooLarge, Unavailable}:
        assert f"`{kind.code}`" in PAGE, kind
