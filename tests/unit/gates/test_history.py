import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates import repository, secrets
from appguard.gates.model import GateContext
from appguard.kernel.finding import Finding, Severity
from tests.unit.gates.test_secrets import AWS_KEY, MANIFEST, split


class Repository:
    """A folder under Git, changed commit by commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q")

    def git(self, *words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
        done = subprocess.run(
            ["git", *who, *words],
            cwd=self.folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in {"app__yaml": MANIFEST.decode(), **files}.items():
            Path(self.folder, name.replace("__", ".")).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "change", "--allow-empty")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "app")


def found(repo: Repository, context: GateContext) -> list[Finding]:
    return secrets.check(Bundle.from_dir(repo.folder), replace(context, history=repo.folder))


def test_a_secret_that_was_removed_is_found_in_the_commit_that_brought_it(
    repo: Repository, context: GateContext
) -> None:
    repo.commit(settings__ini="nothing here\n")
    guilty = repo.commit(settings__ini=f"key = '{AWS_KEY}'\n")
    repo.commit(settings__ini=f"key = '{AWS_KEY}'\n# more\n")
    repo.commit(settings__ini="clean\n")
    (finding,) = found(repo, context)
    assert (finding.rule, finding.path, finding.severity) == ("secret-in-history", "settings.ini", "block")
    assert guilty[:12] in finding.message
    assert "revoked" in finding.remediation
    assert AWS_KEY[:8] not in finding.model_dump_json()


def test_a_secret_hidden_in_the_past_is_found(repo: Repository, context: GateContext) -> None:
    repo.commit(notes__py=f"value = {split(AWS_KEY)}\n")
    repo.commit(notes__py="value = None\n")
    assert [finding.rule for finding in found(repo, context)] == ["secret-in-history"]


def test_a_secret_that_still_stands_there_is_told_once(repo: Repository, context: GateContext) -> None:
    repo.commit(settings__ini=f"key = '{AWS_KEY}'\n")
    repo.commit(settings__ini=f"# new\nkey = '{AWS_KEY}'\n")
    assert [finding.rule for finding in found(repo, context)] == ["secret-in-bundle"]


def test_a_clean_history_has_no_findings(repo: Repository, context: GateContext) -> None:
    repo.commit(notes__txt="one\n")
    repo.commit(notes__txt="two\n")
    assert found(repo, context) == []


def test_a_history_that_cannot_be_searched_asks_a_person(
    repo: Repository, context: GateContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(notes__txt="one\n")
    monkeypatch.setattr(repository.shutil, "which", lambda _: None)
    (finding,) = found(repo, context)
    assert (finding.rule, finding.severity) == ("history-unscanned", Severity.APPROVE)
    assert "not installed" in finding.message


def test_a_bundle_without_a_repository_has_no_past(repo: Repository, context: GateContext) -> None:
    repo.commit(settings__ini=f"key = '{AWS_KEY}'\n")
    repo.commit(settings__ini="clean\n")
    assert secrets.check(Bundle.from_dir(repo.folder), context) == []
