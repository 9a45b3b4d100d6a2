import os
import subprocess
from pathlib import Path

import pytest

from appguard.gates import repository
from appguard.gates.model import GateFailed
from appguard.gates.repository import past


def git(folder: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def commit(repo: Path, **files: str) -> str:
    for name, text in files.items():
        path = repo / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "change")
    return git(repo, "rev-parse", "HEAD")


def seen(folder: Path) -> list[tuple[str, str, bytes]]:
    return [(version.commit, version.path, version.content) for version in past(folder).versions]


def test_every_version_is_seen_with_its_first_commit(repo: Path) -> None:
    first = commit(repo, a="one")
    second = commit(repo, a="two")
    commit(repo, a="one")
    assert seen(repo) == [(first, "a", b"one"), (second, "a", b"two")]


def test_only_the_folder_is_looked_at_and_paths_begin_there(repo: Path) -> None:
    head = commit(repo, app__a="inside", other__b="outside")
    assert seen(repo / "app") == [(head, "a", b"inside")]


def test_what_was_deleted_or_stands_on_another_branch_is_seen(repo: Path) -> None:
    commit(repo, a="base")
    git(repo, "checkout", "-qb", "side")
    side = commit(repo, gone="was here")
    git(repo, "rm", "-q", "gone")
    git(repo, "commit", "-qm", "away")
    git(repo, "checkout", "-q", "main")
    assert (side, "gone", b"was here") in seen(repo)


def test_odd_names_are_read(repo: Path) -> None:
    (repo / ":(top)\n ü").write_text("x")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "odd")
    assert [path for _, path, _ in seen(repo)] == [":(top)\n ü"]


def test_a_repository_without_commits_has_no_past(repo: Path) -> None:
    assert seen(repo) == []


def test_a_shallow_copy_says_so(repo: Path, tmp_path: Path) -> None:
    commit(repo, a="one")
    commit(repo, a="two")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", "copy")
    assert past(tmp_path / "copy").shallow
    assert not past(repo).shallow


def test_a_folder_is_in_a_repository_when_one_is_above(repo: Path, tmp_path: Path) -> None:
    (repo / "deep" / "er").mkdir(parents=True)
    assert repository.repository(repo / "deep" / "er") == (repo / "deep" / "er").resolve()
    assert repository.repository(tmp_path) is None


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, str]:
    """A program that leaves a mark when it runs."""
    mark, program = tmp_path / "mark", tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    return mark, str(program)


def test_nothing_a_repository_configures_is_run(repo: Path, trap: tuple[Path, str]) -> None:
    mark, program = trap
    commit(repo, a="one", b="two")
    commit(repo, a="three")
    for key in (
        "core.fsmonitor", "core.pager", "pager.rev-list", "pager.diff-tree", "pager.cat-file", "core.editor",
        "core.sshCommand", "core.askPass", "core.alternateRefsCommand", "diff.external", "diff.x.textconv",
        "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process", "gpg.program",
        "credential.helper", "alias.rev-list", "alias.cat-file", "uploadpack.packObjectsHook",
    ):  # fmt: skip
        git(repo, "config", key, f"!{program}" if key.startswith("alias") else program)
    git(repo, "config", "log.showSignature", "true")
    hooks = repo / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        (hooks / hook).symlink_to(program)
    git(repo, "config", "core.hooksPath", str(hooks))
    (repo / ".gitattributes").write_text("* diff=x filter=x\n")
    mark.unlink(missing_ok=True)
    assert len(seen(repo)) == 3
    assert not mark.exists()


@pytest.mark.parametrize("scheme", ["ext::{program}", "file://{repo}", "ssh://nobody@localhost/x"])
def test_a_missing_object_is_not_fetched(repo: Path, trap: tuple[Path, str], scheme: str) -> None:
    mark, program = trap
    commit(repo, a="one")
    blob = git(repo, "rev-parse", "HEAD:a")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": scheme.format(program=program, repo=repo), "remote.origin.uploadpack": program,
        "protocol.ext.allow": "always", "protocol.file.allow": "always", "protocol.ssh.allow": "always",
        "core.sshCommand": program,
    }.items():  # fmt: skip
        git(repo, "config", key, value)
    mark.unlink(missing_ok=True)
    with pytest.raises(GateFailed):
        past(repo)
    assert not mark.exists()


def test_the_callers_environment_does_not_reach_git(
    repo: Path, trap: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, program = trap
    head = commit(repo, a="one")
    for name, value in {
        "GIT_DIR": "/nowhere", "GIT_EXTERNAL_DIFF": program, "GIT_SSH_COMMAND": program, "GIT_PAGER": program,
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": program,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert seen(repo) == [(head, "a", b"one")]
    assert not mark.exists()


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MOST_COMMITS", "commits"),
        ("MOST_VERSIONS", "versions"),
        ("MOST_BYTES", "holds .* bytes"),
        ("MOST_PRINTED", "printed"),
    ],
)
def test_more_than_the_limits_is_not_read(
    repo: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    commit(repo, a="one")
    commit(repo, a="two")
    monkeypatch.setattr(repository, limit, 1)
    with pytest.raises(GateFailed, match=words):
        past(repo)


def test_a_bare_repository_among_the_files_does_not_divert_the_search(repo: Path) -> None:
    commit(repo, app__a="one")
    git(repo / "app", "init", "-q", "--bare", ".")
    with pytest.raises(GateFailed):
        past(repo / "app")


def test_a_machine_without_git_fails(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository.shutil, "which", lambda _: None)
    with pytest.raises(GateFailed, match="not installed"):
        past(repo)


def test_git_that_hangs_is_ended(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(repository.shutil, "which", lambda _: str(slow))
    monkeypatch.setattr(repository, "SECONDS", 0.1)
    with pytest.raises(GateFailed, match="longer"):
        past(repo)


def test_a_broken_repository_fails(repo: Path) -> None:
    commit(repo, a="one")
    (repo / ".git" / "HEAD").write_text("junk")
    with pytest.raises(GateFailed, match="could not read"):
        past(repo)
