"""Bundles to look at, and what the gates know of the platform."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateContext
from appguard.gates.rulebook import of_gates
from appguard.kernel.finding import Finding

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


@pytest.fixture(autouse=True)
def every_finding_is_explained(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a real gate yields in any of these tests stands in the book (`gates/rulebook`).

    The source alone does not tell: some rules are put together while the gate runs.
    """
    met: set[tuple[str, str]] = set()
    build = Finding.__init__

    def remember(self: Finding, **facts: Any) -> None:
        build(self, **facts)
        met.add((self.gate, self.rule))

    monkeypatch.setattr(Finding, "__init__", remember)
    yield
    unexplained = {rule for gate, rule in met if gate in SECONDS and gate != "policy"} - set(of_gates())
    assert unexplained == set(), "explain them in functions/appguard/gates/rulebook/<gate>.yaml"
