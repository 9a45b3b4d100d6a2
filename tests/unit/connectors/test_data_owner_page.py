"""docs/data-owner.md, followed to the letter on a schema the code has never seen."""

import re
from pathlib import Path

import pytest

from appguard.connectors import errors
from appguard.connectors.registry import ConnectorRegistry
from appguard.connectors.source import Identity
from appguard.connectors.sources.postgresql import PostgresSource
from appguard.connectors.table import table_of
from appguard.kernel.errors import AppGuardError, Invalid, TooLarge, Unavailable

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
    source = PostgresSource(lambda _fresh: database.login("desk_broker"))
    yield source
    source.close()


def test_the_page_leads_to_a_connector_that_works(desk, tmp_path):
    (tmp_path / "desk-db.yaml").write_text("".join(blocks("yaml")))
    connector = ConnectorRegistry.load(tmp_path)["desk-db"]
    query = connector.queries["my_bookings"]
    ana = Identity("ana@example.com", "desks")
    result = desk.read(query, {"since": "2026-01-01"}, ana, connector.limits)
    assert table_of(query, result, ana, b"key", connector.limits).rows == [["2026-11-23", "B12"]]


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
