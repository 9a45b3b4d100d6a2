"""Bundles to look at, and what the gates know of the platform."""

from collections.abc import Callable
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="session")
def context() -> GateContext:
    return GateContext.of_platform()


@pytest.fixture(scope="session")
def leave_request() -> Bundle:
    return Bundle.from_dir(EXAMPLES / "leave-request")


@pytest.fixture
def edited(leave_request: Bundle) -> Callable[..., Bundle]:
    """The leave-request app with a text of its manifest replaced and further files added."""

    def edit(old: str = "", new: str = "", **files: bytes) -> Bundle:
        manifest = leave_request.files["app.yaml"].decode()
        assert old in manifest
        named = {name.replace("__", "."): content for name, content in files.items()}
        return Bundle({**leave_request.files, "app.yaml": manifest.replace(old, new).encode(), **named})

    return edit
