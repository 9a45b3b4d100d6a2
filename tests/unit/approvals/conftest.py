import pytest

from tests.support.world import LEAVE, RISKY, world_on_moto


@pytest.fixture
def world(monkeypatch):
    with world_on_moto(monkeypatch) as world:
        yield world


@pytest.fixture
def step(world):
    """A version with findings that people have to accept, at the step that asks them."""
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    return step


@pytest.fixture
def link(world, step):
    """The locator that its reviewers are sent."""
    return world.approvals.ask(step, "token")
