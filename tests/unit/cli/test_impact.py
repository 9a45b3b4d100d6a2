"""`appguard policy impact` in a Git repository of its own."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appguard.cli.git_policies import version
from appguard.cli.main import app
from appguard.cli.parallel import CHUNK, side_by_side
from appguard.kernel.errors import Invalid
from appguard.kernel.files import policies_dir
from appguard.policy.files import load
from appguard.policy.impact import Subject, compare

QUIET = Path(__file__).with_name("quiet.json").read_text()
LATE = "rego/lifecycle/retirement-late/rule.rego"
runner = CliRunner()


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A repository: tag `v1` holds today's policies, the working copy minds long lives more."""
    folder = tmp_path / "repository" / "policies"
    shutil.copytree(policies_dir(), folder)
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "first"),
        ("tag", "v1"),
    ):
        subprocess.run(["git", "-C", str(folder.parent), *words], check=True)
    text = (folder / LATE).read_text()
    (folder / LATE).write_text(text.replace("months > 12", "months > 9"))
    return folder


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    folder = tmp_path / "apps"
    folder.mkdir()
    (folder / "quiet.json").write_text(QUIET)
    (folder / "long.json").write_text(QUIET.replace('"retire_after_months": 6', '"retire_after_months": 10'))
    return folder


def run(policies: Path, *words: str | Path) -> tuple[int, str]:
    line = ["policy", "impact", "--policies", str(policies), *map(str, words)]
    result = runner.invoke(app, line)
    return result.exit_code, result.stdout or result.stderr


def test_it_lists_exactly_the_apps_a_changed_rule_changes(policies: Path, apps: Path) -> None:
    code, out = run(policies, "--from", "v1", "--to", "WORKTREE", "--apps", apps)
    assert code == 2
    assert out.splitlines() == [
        "2 apps; 1 unchanged",
        "Newly needing approval: 1",
        "  long: clear -> needs_approval (+retirement-late)",
    ]


def test_nothing_changed_exits_0(policies: Path, apps: Path) -> None:
    assert run(policies, "--from", "v1", "--to", "main", "--apps", apps) == (0, "2 apps; 2 unchanged\n")


def test_newly_refused_exits_1_and_is_told_to_programs(policies: Path, apps: Path) -> None:
    text = (policies / LATE).read_text()
    (policies / LATE).write_text(text.replace("severity: approve", "severity: block"))
    code, out = run(policies, "--from", "v1", "--apps", apps, "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert [change["app_id"] for change in found["newly_refused"]] == ["long"]
    assert found["newly_refused"][0]["appeared"] == ["retirement-late"]
    assert (found["examined"], found["unchanged"], found["newly_allowed"]) == (2, 1, [])


def test_what_cannot_be_read_is_named(policies: Path, apps: Path) -> None:
    (apps / "broken.json").write_text("{")
    _, out = run(policies, "--from", "v1", "--to", "v1", "--apps", apps)
    assert "Not examined, for it cannot be read: broken.json" in out


HOSTILE = ("--upload-pack=touch /tmp/x", "-n", "--output=x", "../../etc", "v1 --all", "v1\nHEAD", "", "v9")


@pytest.mark.parametrize("ref", [*HOSTILE, "a" * 300, "v1:policies"])
def test_a_hostile_or_unknown_ref_exits_3_and_is_no_option(policies: Path, apps: Path, ref: str) -> None:
    code, _ = run(policies, f"--from={ref}", "--apps", apps)
    assert code == 3


def test_a_folder_outside_git_has_only_a_working_copy(tmp_path: Path) -> None:
    shutil.copytree(policies_dir(), tmp_path / "policies")
    assert version("WORKTREE", tmp_path / "policies").rules
    with pytest.raises(Invalid):
        version("HEAD", tmp_path / "policies")


def test_many_apps_on_all_cores_give_what_one_core_gives(policies: Path) -> None:
    before, after = version("v1", policies), load(policies)

    def stream() -> Iterator[Subject]:
        for n in range(2 * CHUNK + 1):
            text = QUIET.replace('"retire_after_months": 6', f'"retire_after_months": {1 + n % 12}')
            yield Subject(app_id=f"app-{n:04}", document=json.loads(text))

    found = side_by_side(before, after, stream())
    assert found == compare(before, after, stream())
    assert found.examined == 2 * CHUNK + 1
    assert found.changes
