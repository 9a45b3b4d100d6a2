import pytest

from tests.unit.portal.world import world


@pytest.fixture(autouse=True)
def portal():
    with world():
        yield
