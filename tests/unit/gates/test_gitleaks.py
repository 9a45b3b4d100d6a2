"""The scanner that may begin before anybody knows what it will look at."""

import os
from pathlib import Path

import pytest

from appguard.gates import gitleaks
from appguard.gates.gitleaks import NotScanned, Scanner
from appguard.gates.secrets import RULES_FILE
from appguard.kernel.files import policies_dir

RULES = policies_dir() / RULES_FILE
TEXTS = ["nothing here", 'password = "k8#Vq2!mZx7Lp"']


def rules_and_files(found: list[dict]) -> list[tuple[str, str]]:
    return [(leak["RuleID"], Path(leak["File"]).name) for leak in found]


def test_a_run_that_began_early_finds_what_one_that_begins_late_finds() -> None:
    with Scanner() as early:
        early.begin()
        first, again = (rules_and_files(early.scan(TEXTS, RULES, 30)) for _ in range(2))
    assert first == again == [("password-assignment", "000001.txt")]


def test_what_was_begun_and_never_used_is_gone_with_its_folder(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Scanner() as scanner:
        scanner.begin()
        [folder] = tmp_path.iterdir()
        pid = scanner._begun.process.pid
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_could_not_begin_says_so_when_it_is_asked(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gitleaks, "binary", lambda: tmp_path / "nowhere")
    with Scanner() as scanner:
        scanner.begin()
        with pytest.raises(NotScanned, match="did not run"):
            scanner.scan(TEXTS, RULES, 30)


def test_one_that_takes_too_long_is_ended(monkeypatch, tmp_path: Path) -> None:
    endless = tmp_path / "gitleaks"
    endless.write_text("#!/bin/sh\nexec sleep 60\n")
    endless.chmod(0o755)
    monkeypatch.setattr(gitleaks, "binary", lambda: endless)
    with pytest.raises(NotScanned, match="longer than"):
        Scanner().scan(TEXTS, RULES, 0.2)
