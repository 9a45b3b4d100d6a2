"""Every deployed handler imports with nothing but its asset, its layers and boto3.

The templates name handlers, assets and layers; a bare interpreter (no site-packages, no environment)
gets exactly those. It proves that nothing is missing from a layer and that settings are all given.
"""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import pytest

from appguard.gates.limits import SECONDS
from infra.bundle import ROOT, pack
from infra.functions import CHANNELS, FUNCTIONS, SANDBOXES, SIEM, WITNESS
from tests.infra.assembly import DELIVERING, Assembly, synthesize

ISOLATED = Path(__file__).with_name("isolated.py")
SHARED = ("appguard-audit-", "appguard-reports-")  # one handler file, settings model by function
CHOSEN = [function for functions in CHANNELS.values() for function in functions]
NAMES = [function.name for function in (*FUNCTIONS, *SIEM.values(), *CHOSEN, *SANDBOXES, WITNESS)]


@pytest.fixture(scope="session")
def local() -> Assembly:
    return synthesize("local", DELIVERING)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """Unzip each archive once, as Lambda does."""
    done: dict[Path, Path] = {}
    root = tmp_path_factory.mktemp("unpacked")

    def unpack(archive: Path) -> Path:
        if archive not in done:
            done[archive] = root / f"{len(done)}"
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(done[archive])
        return done[archive]

    return unpack


@pytest.fixture(scope="session")
def sdk(tmp_path_factory) -> Path:
    """What AWS's runtime brings along, and nothing else of our environment."""
    folder, installed = tmp_path_factory.mktemp("sdk"), Path(boto3.__file__).parents[1]
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3"):
        (folder / name).symlink_to(installed / name)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_handler_imports_from_its_own_bundle_and_finds_its_settings(name, local, unpacked, sdk):
    function = _function(local, name)
    layers = [unpacked(layer) / "python" for layer in local.layers(function)]
    path = [unpacked(local.archive(function)), *layers, sdk]
    answer = _import(function["Properties"]["Handler"], path, chosen_by_name(name))
    assert answer["errors"] == []
    given = set(function["Properties"]["Environment"]["Variables"])
    for module, words in answer["required"].items():
        if not (module.startswith(("appguard.audit.", "appguard.witness.")) and name.startswith(SHARED)):
            assert set(words) <= given, module


def _function(assembly: Assembly, name: str) -> dict:
    """The function of this physical name."""
    functions = assembly.resources("AWS::Lambda::Function").values()
    return next(function for function in functions if function["Properties"]["FunctionName"] == name)


def chosen_by_name(function: str) -> list[str]:
    """What a function imports by a name it computes: views, its gate, its destination."""
    if function == "appguard-portal-serve":
        views = (ROOT / "functions/appguard/portal/views").glob("[a-z]*.py")
        return sorted(f"appguard.portal.views.{file.stem}" for file in views)
    gates = [f"appguard.gates.{gate}" for gate in SECONDS if function.endswith(f"gates-{gate}")]
    siem = [f"appguard.siem.destinations.{name}" for name in SIEM if function.endswith(f"siem-{name}")]
    tool = ["bandit.cli.main"] if function.endswith("gates-code") else []  # started as a program: `-m bandit`
    return [*gates, *siem, *tool]


def _import(handler: str, path: list[Path], also: list[str]) -> dict:
    asked = json.dumps({"handler": handler, "path": [str(entry) for entry in path], "also": also})
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", str(ISOLATED)],
        input=asked,
        capture_output=True,
        text=True,
        env={},
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=lambda sandbox: sandbox.name)
def test_a_sandbox_carries_the_runtime_and_nothing_of_the_platform(local, unpacked, sandbox):
    code = unpacked(local.archive(_function(local, sandbox.name)))
    assert {entry.name for entry in code.iterdir()} == {"appguard"}
    inside = {entry.name for entry in (code / "appguard").iterdir()} - {"__pycache__"}
    assert inside == {"__init__.py", "kernel", "runtime"}


def test_the_platforms_asset_has_the_policies_and_neither_command_line_nor_linter(local, unpacked):
    code = unpacked(local.archive(_function(local, "appguard-gates-policy")))
    assert (code / "policies").is_dir()
    assert not (code / "appguard" / "cli").exists()
    assert not (code / "appguard" / "connectors" / "lint").exists()
    assert not (code / "appguard" / "connectors" / "profiling").exists()
    assert (code / "appguard" / "kernel" / "__pycache__").is_dir(), (
        "bytecode spares every cold start a second"
    )


def test_every_package_fits_lambda_with_room_to_spare(local):
    for function in local.resources("AWS::Lambda::Function").values():
        archives = [local.archive(function), *local.layers(function)]
        assert all(archive.stat().st_size < 50_000_000 for archive in archives)
        assert sum(i.file_size for a in archives for i in zipfile.ZipFile(a).infolist()) < 250_000_000


def test_bandit_runs_from_the_code_gates_own_layers(local, unpacked):
    layers = local.layers(_function(local, "appguard-gates-code"))
    path = [str(unpacked(layer) / "python") for layer in layers]
    code = f"import sys; sys.path[:0] = {path!r}; sys.argv[1:] = ['--version']; import bandit.__main__"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=False
    )
    assert "1.9.4" in done.stdout, done.stderr


def test_building_twice_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    files = {f"kernel/{file.name}": file for file in (ROOT / "functions/appguard/kernel").glob("*.py")}
    pack(first, files, compiled=False)
    pack(second, dict(reversed(files.items())), compiled=False)
    assert first.read_bytes() == second.read_bytes()
