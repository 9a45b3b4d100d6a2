"""The verifier in a virtual environment made a moment ago that holds `cryptography` and nothing else."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from appguard.audit.reader import in_folder
from appguard.audit.verifier_archive import archive
from appguard.kernel.ids import EventId
from infra.bundle import uv
from tests.support.ledger import written  # noqa: F401 - a fixture

SPAWNING = (
    "import multiprocessing, runpy, sys; multiprocessing.set_start_method('spawn');"
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)
LISTED = (
    "import json, importlib.metadata as held; "
    "print(json.dumps([one.metadata['Name'] for one in held.distributions()]))"
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("fresh") / "venv"
    uv("venv", str(home))
    python = home / "bin/python"
    uv("pip", "install", "--python", str(python), f"cryptography=={version('cryptography')}")
    assert set(json.loads(run(python, "-c", LISTED).stdout)) == {"cryptography", "cffi", "pycparser"}
    return python


@pytest.fixture(scope="module")
def pyz(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("alone") / "verify.pyz"
    file.write_bytes(archive())
    return file


@pytest.fixture(scope="module")
def folder(written) -> Path:  # noqa: F811
    return written({"3y": [3, 20_000], "7y": [5]})


def run(python: Path, *words: object) -> subprocess.CompletedProcess[str]:
    line = [str(python), "-I", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("start", [(), ("-c", SPAWNING)], ids=["as a command", "spawning processes"])
def test_it_verifies_an_export_on_all_cores(python, pyz, folder, start):
    done = run(python, *start, pyz, folder, "--key", folder / "ledger-key.pem")
    assert (done.returncode, done.stderr) == (0, "")
    found = [line.split(",")[0] for line in done.stdout.splitlines()]
    assert found == ["ok 3y: 20000 entries", "ok 7y: 5 entries"]


def test_it_names_what_is_bad(python, pyz, tmp_path):
    done = run(python, pyz, tmp_path)
    assert (done.returncode, done.stderr) == (1, f"BAD {tmp_path}/ledger-key.pem: missing\n")


def test_it_checks_the_proof_of_one_event(python, pyz, folder, tmp_path):
    proof = in_folder(folder).prove(EventId(f"evt-{3:016x}{777:016x}"))
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    done = run(python, pyz, tmp_path / "proof.json", "--key", folder / "ledger-key.pem")
    assert (done.returncode, done.stderr) == (0, "")
