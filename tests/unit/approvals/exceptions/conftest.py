import pytest

from tests.support.world import world_on_moto


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world
