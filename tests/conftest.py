"""How tests are split over processes, and what makes each of them cheaper."""

import gc
from collections.abc import Mapping

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# How long an example takes depends on what else the machine does: benchmarks measure, tests do not.
settings.register_profile("appguard", deadline=None)
settings.load_profile("appguard")

TOGETHER: Mapping[str, str] = {
    "tests/infra/": "the assemblies",
    "tests/bundle/": "the assemblies",
    "tests/unit/runtime/trial/": "the walls",
}
"""Folders whose tests share something dear, and what: one process runs them. All others go anywhere."""


class Together(LoadScopeScheduling):
    """What shares something goes to one process, the largest first; every other test for itself."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for folder, name in TOGETHER.items() if nodeid.startswith(folder)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Who decides which process runs what; xdist's own `loadgroup` finds no groups under this pytest."""
    return Together(config, log)


def pytest_collection_finish() -> None:
    """The garbage collector need not look at what was imported: each full look takes half a second."""
    gc.collect()
    gc.freeze()
