"""How tests are split over processes, and what makes each of them cheaper."""

import gc
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

TOGETHER: Mapping[str, str] = {
    "tests/e2e": "the platform",
    "tests/browser": "the browser",
    "tests/infra": "the assemblies",
    "tests/bundle": "the assemblies",
}
"""Folders whose tests share something dear, and what: one process runs them. All others go anywhere."""


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one process for each core, and one that mostly waits for the platform."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stays together, for `--dist loadgroup`: the largest group begins first."""
    root = Path(__file__).parents[1]
    for item in items:
        folder = "/".join(item.path.relative_to(root).parts[:2])
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(TOGETHER[folder]))


def pytest_collection_finish() -> None:
    """The garbage collector need not look at what was imported: each full look takes half a second."""
    gc.collect()
    gc.freeze()
