import json

import pytest

from infra.local import platform
from infra.local.places import CHOSEN, ROOT, home, sources_file
from infra.local.story.__main__ import begin
from infra.local.story.ground import Ground
from tests.e2e import wholeness
from tests.support.forge import served
from tests.support.siem_server import serving

LAKE = "security-lake"
BELIEVED = """
forges:
  - {kind: github, issuer: %s, address: https://github.com}
repositories:
  - {url: https://github.com/example/leave-request, refs: [refs/heads/main]}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back on all other tests comes last."""
    wholeness.in_order(items)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """It needs to know of those that do not run."""
    wholeness.note_left_out(items)


@pytest.fixture(scope="package")
def forge():
    """Stands for GitHub, whose CI may submit to the platform of the tests."""
    with served() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def siem():
    """Where the platform of the tests delivers its events. Nobody has put its token there yet."""
    with serving() as running:
        yield running


@pytest.fixture(scope="package")
def endpoints(forge, siem):
    """A platform of the tests' own, beside the one a developer may have running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPGUARD_HOME", str(ROOT / ".appguard" / "e2e"))
        platform.down(reset=True)
        sources_file().write_text(BELIEVED % forge.url)
        chosen = {"siem_splunk_url": siem.address, "siem_lake_bucket": LAKE}
        (home() / CHOSEN).write_text(json.dumps(chosen))
        yield platform.up()
        platform.down(reset=True)


@pytest.fixture(scope="package")
def ground(endpoints):
    return Ground(endpoints)


@pytest.fixture(scope="package")
def story(endpoints, ground):
    return begin(ground, endpoints)
