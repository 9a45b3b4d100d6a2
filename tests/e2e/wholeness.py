"""Whether all end-to-end tests ran and passed before now: only then says their sum anything."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LAST = "test_what_is_recorded.py"
LEFT_OUT = pytest.StashKey[int]()


def in_order(items: list[pytest.Item]) -> None:
    """What looks back on the suite comes behind the rest of it, while its platform is still there."""
    places = [at for at, item in enumerate(items) if HERE in item.path.parents]
    ours = sorted((items[at] for at in places), key=lambda item: item.path.name == LAST)
    for at, item in zip(places, ours, strict=True):
        items[at] = item


def note_left_out(items: list[pytest.Item]) -> None:
    """Remember how many tests of the suite were deselected."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("e2e"):
            item.config.stash[LEFT_OUT] = item.config.stash.get(LEFT_OUT, 0) + 1


def not_whole(session: pytest.Session) -> str | None:
    """Why this is not the whole suite, if it is not."""
    there = {file for file in HERE.rglob("test_*.py") if "pytest.mark.e2e" in file.read_text()}
    if missing := there - {item.path for item in session.items}:
        return f"{len(missing)} files were not asked for"
    if left_out := session.config.stash.get(LEFT_OUT, 0):
        return f"{left_out} tests were deselected"
    if any("::" in word for word in session.config.args):
        return "single tests were asked for"
    if hasattr(session.config, "workerinput"):
        return "other processes run parts of it"
    return f"{session.testsfailed} tests failed" if session.testsfailed else None
