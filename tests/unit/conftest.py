"""One session of boto3 for all worlds on moto: each of its own would read the services' descriptions anew."""

from collections.abc import Iterator

import pytest
from moto.core.config import default_user_config


@pytest.fixture(scope="session", autouse=True)
def _one_session() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(default_user_config["core"], "reset_boto3_session", False)
        yield
