"""A copy of the policies that a test may spoil, and an input no rule minds."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appguard.kernel.files import policies_dir
from appguard.policy.compiled import Compiled
from appguard.policy.files import load

NOISY_RULE = """package appguard.rules.noisy

# METADATA
# scope: document
# title: A rule of the tests
# description: It says something about every app, to see what becomes of it.
# custom:
#   rule: noisy
#   severity: block
#   remediation: There is nothing to repair.
deny contains finding if {
	BODY
}
"""
CASES = """package appguard.cases.noisy

fires["always"] := {"input": {}, "at": [""]}

silent["never"] := {}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """The policies folder, copied."""
    folder = tmp_path / "policies"
    for part in ("rego", "semgrep"):
        shutil.copytree(policies_dir() / part, folder / part)
    for path in policies_dir().glob("*.*"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def add_rule(policies: Path) -> Callable[[str], Path]:
    """Add a rule with this body to the copied policies and to their index."""

    def add(body: str) -> Path:
        folder = policies / "rego" / "guide" / "noisy"
        folder.mkdir()
        (folder / "rule.rego").write_text(NOISY_RULE.replace("BODY", body))
        (folder / "rule_test.rego").write_text(CASES)
        with (policies / "rego" / "index.rego").open("a") as index:
            index.write("deny contains finding if some finding in rules.noisy.deny\n")
        return policies

    return add


@pytest.fixture(scope="session")
def quiet() -> dict[str, Any]:
    """The input of `shared/example_test.rego`, as JSON."""
    files = load(policies_dir())
    compiled = Compiled(dict(files.shared), files.data, "appguard/shared/example/quiet")
    return dict(compiled.answer("appguard/shared/example/quiet", {}))
