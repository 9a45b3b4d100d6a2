import pytest

from tests.unit.portal.world import world


@pytest.fixture
def portal():
    with world():
        yield
