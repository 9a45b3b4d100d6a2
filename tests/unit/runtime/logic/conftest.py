"""An app's own code that can be called, and ended."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appguard.runtime.broker_client import Rows
from appguard.runtime.examples import MadeUp
from appguard.runtime.logic.asking import Asking
from appguard.runtime.logic.client import Logic
from appguard.runtime.logic.start import Started

DAYS = Rows.model_validate(
    {
        "columns": [{"name": "day", "type": "date"}, {"name": "who"}],
        "rows": [["2026-05-01", "x"], ["2026", "y"]],
    }
)


class Running:
    """Code in a folder, and what it is called with."""

    def __init__(self, started: Started) -> None:
        self.started = started
        self._logic = Logic(started)

    def __call__(self, function: str, ask: Asking | None = None, seconds: float = 3.0, **given: Any) -> Any:
        asking = ask or MadeUp({"hr-db/days": DAYS}).asking()
        run = self._logic.within(asking, seconds)
        return run(
            function, {"user": {"email": "a@example.com"}, "today": "2026-06-15"} | given, ["first_day"]
        )


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Make code of a source; all of it ends with the module's tests."""
    made: list[Started] = []

    def make(source: str, **packages: str) -> Running:
        folder: Path = tmp_path_factory.mktemp("function")
        for name, text in {"app/logic": source, **{f"packages/{n}": t for n, t in packages.items()}}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / f"{name}.py").write_text(text)
        made.append(Started(folder / "app", folder / "packages"))
        return Running(made[-1])

    yield make
    for started in made:
        started.drop()
