import pytest

from infra.local import platform
from infra.local.places import ROOT
from infra.local.story.__main__ import begin
from infra.local.story.ground import Ground


@pytest.fixture(scope="session")
def endpoints():
    """A platform of the tests' own, beside the one a developer may have running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPGUARD_HOME", str(ROOT / ".appguard" / "e2e"))
        platform.down(reset=True)
        yield platform.up()
        platform.down(reset=True)


@pytest.fixture(scope="session")
def ground(endpoints):
    return Ground(endpoints)


@pytest.fixture(scope="session")
def story(endpoints, ground):
    return begin(ground, endpoints)
