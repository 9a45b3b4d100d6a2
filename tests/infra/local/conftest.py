import tempfile
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(monkeypatch):
    """A platform folder of the test's own, so that a running platform of the developer is left alone.

    Not under pytest's folder: its mode is 0700, and the database's user must reach its data.
    """
    with tempfile.TemporaryDirectory(prefix="appguard-test-", ignore_cleanup_errors=True) as folder:
        monkeypatch.setenv("APPGUARD_HOME", folder)
        yield Path(folder)
