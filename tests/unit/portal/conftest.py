import pytest

from tests.unit.portal.world import emptied, world


@pytest.fixture(scope="module")
def deployment():
    with world():
        yield


@pytest.fixture
def portal(deployment):
    yield
    emptied()
