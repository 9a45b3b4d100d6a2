"""The connectors of this checkout against the example databases they are for."""

from pathlib import Path

import pytest

from appguard.connectors.connecting import connect
from appguard.connectors.lint.database import prove
from appguard.connectors.lint.database.session import Session
from appguard.connectors.lint.file import read_file


@pytest.mark.parametrize(
    ("name", "user"),
    [("hr-db", "hr_broker"), ("payroll-db", "payroll_broker"), ("office-directory", "office_broker")],
)
def test_what_a_shipped_connector_promises_holds(database, name, user):
    with connect(database.login(user)) as connection:
        assert list(prove(read_file(Path(f"policies/connectors/{name}.yaml")), Session(connection))) == []
