import pytest


@pytest.fixture(autouse=True)
def _in_a_deployment(portal):
    """Every view needs the tables."""
