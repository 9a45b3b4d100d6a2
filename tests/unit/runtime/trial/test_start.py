import sys
from pathlib import Path

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime.trial import start
from appguard.runtime.trial.handler import run

SOURCE = {"connector": "hr-db", "query": "team_calendar", "mapping": '{"a": 1}'}
NOTHING = {"files": {}, "questions": []}


def test_the_handler_reports_what_it_was_asked_for_and_takes_no_path_from_its_event() -> None:
    question = {"kind": "source", "source": SOURCE, "today": "2026-06-15"}
    found = run({"files": {}, "questions": [question], "packages": None, "path": ["/nowhere"]}, None)
    assert found["answers"] == [{"parameters": {"a": 1}}]
    assert found["outcomes"] == []


@pytest.mark.parametrize("script", ["exit 0", "echo nonsense", "exit 3"])
def test_a_runner_that_says_nothing_readable_is_no_pass(monkeypatch, tmp_path: Path, script: str) -> None:
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(Unavailable, match="without a report"):
        start.report_on(NOTHING)


def test_a_runner_that_hangs_is_ended_with_its_folder(monkeypatch, tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nsleep 60\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    monkeypatch.setattr(start, "SECONDS", 0.2)
    made: list[str] = []
    monkeypatch.setattr(
        start, "mkdtemp", lambda prefix: made.append(str(tmp_path / "f")) or _made(tmp_path / "f")
    )
    with pytest.raises(Unavailable, match="in time"):
        start.report_on(NOTHING)
    assert made
    assert not Path(made[0]).exists()


def _made(folder: Path) -> str:
    folder.mkdir()
    return str(folder)
