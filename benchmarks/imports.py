"""How long a cold function spends importing its handler module (`python -X importtime`)."""

import re
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Measurement

LIMIT_MS = 400
HANDLERS = (
    "portal",
    "connectors",
    "runtime",
    "reviews",
    "approvals",
    "gates",
    "audit",
    "provisioning",
    "operations",
)
ROUNDS = 5


def measure() -> Iterator[Measurement]:
    """The best of five fresh interpreters for each handler module, in milliseconds."""
    for context in HANDLERS:
        module = f"appguard.{context}.handler"
        best = min(_import_ms(module) for _ in range(ROUNDS))
        yield Measurement(f"import {module}", round(best), "ms", LIMIT_MS)


def _import_ms(module: str) -> float:
    """The sum of the cumulative times of `module` and the packages above it, which import it."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = re.findall(r"^import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)$", run.stderr, re.MULTILINE)
    wanted = {".".join(module.split(".")[: depth + 1]) for depth in range(module.count(".") + 1)}
    return (
        sum(int(cumulative) for _, cumulative, indent, name in lines if name in wanted and not indent) / 1000
    )
