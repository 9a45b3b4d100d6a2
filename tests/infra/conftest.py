"""Both targets, synthesized once."""

import pytest

from tests.infra.assembly import DELIVERING, Assembly, synthesize


@pytest.fixture(scope="session")
def aws() -> Assembly:
    return synthesize("aws")


@pytest.fixture(scope="session")
def local() -> Assembly:
    return synthesize("local")


@pytest.fixture(scope="session")
def delivering() -> Assembly:
    """On AWS, with a SIEM and a channel of each kind."""
    return synthesize("aws", DELIVERING)
