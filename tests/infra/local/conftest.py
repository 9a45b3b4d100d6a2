import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A platform folder of the test's own, so that a running platform of the developer is left alone."""
    monkeypatch.setenv("APPGUARD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
