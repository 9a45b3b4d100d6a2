import pytest

from tests.unit.runtime.world import World


@pytest.fixture
def world() -> World:
    """The leave-request app, nobody signed in."""
    return World()


@pytest.fixture
def ana(world: World) -> World:
    """The same, with Ana signed in."""
    world.sign_in()
    return world
