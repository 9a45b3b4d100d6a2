"""The GitHub Action, the workflow of new apps and the pre-commit hook: valid by their schemas, and run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.forge import run_of, served
from tests.unit.cli.test_submit import platform

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "check" / "action.yml"
WORKFLOW = ROOT / "policies" / "templates" / ".github" / "workflows" / "check.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
TOOLS = Path(sys.executable).parent
DECISIONS = [
    ("leave-request", "needs_approval", 0),
    ("bad/egress-forbidden", "refused", 1),
    ("hr-db", "failed", 1),
]


def yaml_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize(("schema", "file"), [("github-actions", ACTION), ("github-workflows", WORKFLOW)])
def test_github_would_accept_it(schema: str, file: Path) -> None:
    command = [TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_actions_of_github_itself_are_used() -> None:
    jobs = yaml_of(WORKFLOW)["jobs"].values()
    steps = [*yaml_of(ACTION)["runs"]["steps"], *(step for job in jobs for step in job["steps"])]
    used = [step["uses"] for step in steps if "uses" in step]
    own = {"./.appguard/.github/actions/check"}
    assert all(use.startswith(("actions/", "github/codeql-action/")) for use in used if use not in own)


def test_no_script_is_built_from_what_a_caller_says() -> None:
    submitting = yaml_of(WORKFLOW)["jobs"]["submit"]["steps"]
    assert all("${{" not in step.get("run", "") for step in yaml_of(ACTION)["runs"]["steps"] + submitting)


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    assert yaml_of(WORKFLOW)["permissions"] == {"contents": "read", "security-events": "write"}


def test_only_the_job_that_submits_has_an_identity_and_only_on_a_push_to_a_protected_branch() -> None:
    jobs = yaml_of(WORKFLOW)["jobs"]
    assert "permissions" not in jobs["check"]
    assert jobs["submit"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert jobs["submit"]["if"].startswith("github.event_name == 'push' && github.ref_protected")
    assert jobs["submit"]["needs"] == "check"


@pytest.mark.parametrize(("state", "passes"), [("running", True), ("waiting", True), ("refused", False)])
def test_the_step_submits_and_fails_the_job_for_what_is_refused(
    tmp_path: Path, state: str, passes: bool
) -> None:
    [step] = [s for s in yaml_of(WORKFLOW)["jobs"]["submit"]["steps"] if s.get("name") == "Submit"]
    said = {"state": state, "page": "https://x", "reasons": []}
    (tmp_path / "app.yaml").write_bytes((ROOT / "examples" / "leave-request" / "app.yaml").read_bytes())
    with served() as forge, platform(202, said) as (url, sent):
        environment = {
            "PATH": f"{TOOLS}:{os.defpath}",
            "APPGUARD_URL": url,
            **run_of(forge, tmp_path),
        }
        done = bash(step["run"], environment, tmp_path)
    assert (done.returncode == 0) == passes, done.stdout + done.stderr
    assert sent[0][0].endswith("/api/apps/leave-request/submissions?folder=.")


def test_the_action_installs_what_the_lock_files_name(tmp_path: Path) -> None:
    (install,) = [step for step in yaml_of(ACTION)["runs"]["steps"] if step.get("name") == "Install AppGuard"]
    line = next(line for line in install["run"].splitlines() if "/uv sync" in line or '/uv" sync' in line)
    words = line.split('" sync ')[1].replace('"$APPGUARD"', str(ROOT)).split()
    environment = {
        **os.environ,
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv"),
        "UV_PYTHON": sys.executable,
    }
    uv = [TOOLS / "uv", "sync", "--dry-run", "--offline", *words]
    done = subprocess.run(uv, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("folder", "decision", "code"), DECISIONS)
def test_the_steps_run_and_decide(tmp_path: Path, folder: str, decision: str, code: int) -> None:
    given = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {
        "PATH": f"{TOOLS}:{os.defpath}",
        "FOLDER": folder,
        "SARIF": str(tmp_path / "appguard.sarif"),
        **{name: str(path) for name, path in given.items()},
    }
    steps = {step["name"]: step for step in yaml_of(ACTION)["runs"]["steps"] if "name" in step}
    checked = bash(steps["Check"]["run"], environment)
    assert checked.returncode == 0, checked.stderr
    assert given["GITHUB_OUTPUT"].read_text() == f"decision={decision}\n"
    assert decision.split("_", maxsplit=1)[0] in given["GITHUB_STEP_SUMMARY"].read_text()
    if decision != "failed":
        assert f"file={folder}/app.yaml,line=" in checked.stdout
        places = json.dumps(json.loads((tmp_path / "appguard.sarif").read_text())["runs"][0]["results"])
        assert f'"uri": "{folder}/app.yaml"' in places
    assert bash(steps["Decide"]["run"], {**environment, "DECISION": decision}).returncode == code


def bash(
    script: str, environment: dict[str, str], workspace: Path = ROOT / "examples"
) -> subprocess.CompletedProcess[str]:
    """As a runner does it: the workspace is where the apps are."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, env=environment, cwd=workspace, capture_output=True, text=True, check=False
    )


def test_pre_commit_accepts_the_hook() -> None:
    done = subprocess.run(
        [TOOLS / "pre-commit", "validate-manifest", str(HOOKS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("folder", "passes"), [("leave-request", True), ("bad/connector-unknown", False)])
def test_the_hook_runs_in_a_repository(tmp_path: Path, folder: str, passes: bool) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.yaml").write_bytes((ROOT / "examples" / folder / "app.yaml").read_bytes())
    environment = {
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PRE_COMMIT_HOME": str(tmp_path / "h"),
    }
    hook = {**yaml_of(HOOKS)[0], "args": ["app"]}
    hook = {key: value for key, value in hook.items() if key != "minimum_pre_commit_version"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    for command in (["git", "init", "-q"], ["git", "add", "."]):
        subprocess.run(command, cwd=tmp_path, check=True, env=environment)
    ran = subprocess.run(
        [TOOLS / "pre-commit", "run", "--all-files"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode == 0) == passes, ran.stdout + ran.stderr
