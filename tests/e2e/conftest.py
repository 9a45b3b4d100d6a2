import pytest

from infra.local import platform
from infra.local.places import ROOT, sources_file
from infra.local.story.__main__ import begin
from infra.local.story.ground import Ground
from tests.support.forge import served

BELIEVED = """
forges:
  - {kind: github, issuer: %s, address: https://github.com}
repositories:
  - {url: https://github.com/example/leave-request, refs: [refs/heads/main]}
"""


@pytest.fixture(scope="package")
def forge():
    """Stands for GitHub, whose CI may submit to the platform of the tests."""
    with served() as issuer:
        yield issuer


@pytest.fixture(scope="package")
def endpoints(forge):
    """A platform of the tests' own, beside the one a developer may have running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPGUARD_HOME", str(ROOT / ".appguard" / "e2e"))
        platform.down(reset=True)
        sources_file().write_text(BELIEVED % forge.url)
        yield platform.up()
        platform.down(reset=True)


@pytest.fixture(scope="package")
def ground(endpoints):
    return Ground(endpoints)


@pytest.fixture(scope="package")
def story(endpoints, ground):
    return begin(ground, endpoints)
