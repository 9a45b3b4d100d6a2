"""`appguard check` against its tools run one after another, the memory of its gates, and their packages."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from appguard.gates.code.core import core
from appguard.gates.gitleaks import binary
from appguard.gates.limits import SECONDS
from benchmarks.measure import Measurement
from infra.bundle import build
from infra.functions import FUNCTIONS

EXAMPLE = Path("examples/leave-request").resolve()
BIN = Path(sys.executable).parent
ROUNDS = 3
MB = 1024 * 1024
ENVIRONMENT = os.environ | {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
RAN = {0, 1, 2}
"""Exit codes that tell what was found; others tell that nothing was looked at."""
PEAK = """
import sys
from pathlib import Path
from appguard.apps.bundle import Bundle
from appguard.gates.model import GateContext
from appguard.gates.runner import run_one
from benchmarks.measure import peak_megabytes, peak_megabytes_of_children
run_one(sys.argv[1], Bundle.from_dir(Path(sys.argv[2])), GateContext.of_platform())
print(peak_megabytes() + peak_megabytes_of_children())
"""


def measure() -> Iterator[Measurement]:
    """Seconds and ratio of one command, megabytes of each gate, megabytes of the largest function."""
    check = _seconds([str(BIN / "appguard"), "check", str(EXAMPLE)])
    yield Measurement("appguard check examples/leave-request, cold", round(check, 2), "s", 3)
    tools = {name: _seconds(command) for name, command in _tools().items()}
    named = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in tools.items())
    yield Measurement(
        f"the same against its tools in turn ({named})", round(check / sum(tools.values()), 2), "times", 0.4
    )
    for gate in SECONDS:
        yield Measurement(f"peak memory of the gate {gate}", round(_peak(gate)), "MB", 512)
    size, name = max((_unzipped(function.layers), function.name) for function in FUNCTIONS)
    yield Measurement(f"largest unzipped package ({name})", round(size), "MB", 250)


def _tools() -> Mapping[str, list[str]]:
    """The tools behind the gates, as one would call them by hand; semgrep in its cheapest form, its core."""
    python = str(Path("functions/appguard/kernel/clock.py").resolve())
    rules = str(Path("policies/semgrep/python.yaml").resolve())
    return {
        "bandit": [str(BIN / "bandit"), "-q", "-r", str(EXAMPLE)],
        "semgrep": [str(core()), "-rules", rules, "-lang", "python", "-json", python],
        "gitleaks": [str(binary()), "dir", str(EXAMPLE), "--no-banner"],
        "syft": [str(BIN / "syft"), f"dir:{EXAMPLE}", "-q", "-o", "spdx-json"],
    }


def _seconds(command: list[str]) -> float:
    times = []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as scratch:
            started = perf_counter()
            done = subprocess.run(command, capture_output=True, cwd=scratch, env=ENVIRONMENT, check=False)
            times.append(perf_counter() - started)
        if done.returncode not in RAN:
            raise RuntimeError(f"{command[0]} did not run: {done.stderr.decode()[-300:]}")
    return median(times)


def _peak(gate: str) -> float:
    """The gate's process and the largest tool it starts, added up."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, gate, str(EXAMPLE)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _unzipped(layers: tuple[str, ...]) -> float:
    built = build("aws")
    archives = [built.code, *(built.layers[layer] for layer in layers)]
    return sum(info.file_size for archive in archives for info in zipfile.ZipFile(archive).infolist()) / MB
