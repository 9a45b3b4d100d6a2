import pytest
from pydantic import Field

from appguard.kernel.errors import Misconfigured
from appguard.kernel.settings import Settings


class Example(Settings):
    table: str = Field(alias="EXAMPLE_TABLE")
    limit: int = Field(default=5, alias="EXAMPLE_LIMIT")


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("EXAMPLE_TABLE", "t")
    monkeypatch.setenv("EXAMPLE_LIMIT", "7")
    assert Example.from_env() == Example(table="t", limit=7)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.delenv("EXAMPLE_TABLE", raising=False)
    with pytest.raises(Misconfigured, match="EXAMPLE_TABLE"):
        Example.from_env()


def test_the_environment_reads_back_as_the_settings(monkeypatch):
    settings = Example(table="t", limit=9)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Example.from_env() == settings


def test_settings_cannot_change():
    with pytest.raises(ValueError, match="frozen"):
        Example(table="t").table = "u"
