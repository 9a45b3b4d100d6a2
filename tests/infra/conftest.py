"""Both targets, synthesized once."""

import pytest

from tests.infra.assembly import Assembly, synthesize


@pytest.fixture(scope="session")
def aws() -> Assembly:
    return synthesize("aws")


@pytest.fixture(scope="session")
def local() -> Assembly:
    return synthesize("local")
